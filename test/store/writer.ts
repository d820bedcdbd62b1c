/** A process of its own that opens a SQLite file, or a Postgres database, and does as its first argument says; the tests kill it or wait for it. */
import { once } from "node:events";
import { openStore } from "../../src/store/open-store.ts";
import { opened } from "../contracts/store-samples.ts";

const [, , task, path = ""] = process.argv;
const open = (place: string) => openStore({ url: place.startsWith("postgres:") ? place : `sqlite:${place}` });

switch (task) {
  // Waits for a word on its input, so that several begin at once, and opens one new file after the other.
  case "open": {
    process.stdout.write("ready\n");
    await once(process.stdin, "data");
    for (let number = 1; number <= 5; number++) {
      const store = await open(`${path}.${number}`);
      await store.ping();
      await store.close();
    }
    process.stdout.write("opened\n");
    process.stdin.destroy();
    break;
  }
  // The same, on the one database that it is given.
  case "boot": {
    process.stdout.write("ready\n");
    await once(process.stdin, "data");
    const store = await open(path);
    await store.ping();
    await store.close();
    process.stdout.write("opened\n");
    process.stdin.destroy();
    break;
  }
  // Raises requests until it is killed, in groups, and prints the number of each one that was acknowledged.
  case "write": {
    const store = await open(path);
    for (let number = 1; ; number += 5) {
      const group = [0, 1, 2, 3, 4].map((more) => number + more);
      await Promise.all(
        group.map(async (one) => {
          const answer = await store.save(opened(one).step);
          if (answer === "saved") process.stdout.write(`${one}\n`);
        }),
      );
    }
  }
  // Claims what is due and sits on it until it is killed.
  case "claim": {
    const store = await open(path);
    await store.jobs.claim(Number.MAX_SAFE_INTEGER / 2, 100, 600_000);
    process.stdout.write("claimed\n");
    setInterval(() => {}, 1_000);
  }
}
