/** The store's contract on Postgres. */
import { openStore } from "../../src/store/open-store.ts";
import { storeContract } from "../contracts/store-contract.ts";
import { describeOnPostgres } from "../support/postgres.ts";

await describeOnPostgres("the store's contract", (newDatabase) => {
  storeContract(
    "Postgres",
    async () => {
      const database = await newDatabase();
      const store = await openStore({ url: database.url });
      return {
        store,
        raw: (statement) => database.query(statement),
        async close() {
          await store.close();
          await database.drop();
        },
      };
    },
    100,
  );
});
