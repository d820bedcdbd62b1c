/** A process of its own that opens a SQLite file and does as its first argument says; the tests kill it or wait for it. */
import { openStore } from "../../src/store/open-store.ts";
import { opened } from "../contracts/store-samples.ts";

const [, , task, path = ""] = process.argv;
const store = await openStore({ url: `sqlite:${path}` });

switch (task) {
  case "open":
    process.stdout.write("opened\n");
    await store.close();
    break;
  // Raises requests until it is killed, in groups, and prints the number of each one that was acknowledged.
  case "write":
    for (let number = 1; ; number += 5) {
      const group = [0, 1, 2, 3, 4].map((more) => number + more);
      await Promise.all(
        group.map(async (one) => {
          const answer = await store.save(opened(one).step);
          if (answer === "saved") process.stdout.write(`${one}\n`);
        }),
      );
    }
  // Claims what is due and sits on it until it is killed.
  case "claim":
    await store.jobs.claim(Number.MAX_SAFE_INTEGER / 2, 100, 600_000);
    process.stdout.write("claimed\n");
    setInterval(() => {}, 1_000);
}
