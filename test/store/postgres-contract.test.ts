/** The store's contract on Postgres. */
import { it } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import { storeContract } from "../contracts/store-contract.ts";
import { postgresServer } from "../support/postgres.ts";

const server = await postgresServer();

if ("missing" in server) {
  it.skip(`keeps the store's contract on Postgres: not run, there is no server here (${server.missing})`, () => {});
} else {
  storeContract(
    "Postgres",
    async () => {
      const database = await server.database();
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
    25,
  );
}
