/** Before each file of the run on Postgres: where there is no server, its tests are skipped, and say so. */
import { beforeEach } from "vitest";
import { postgresServer, unlessRequired } from "./postgres.ts";

const server = await postgresServer();
if ("missing" in server) {
  const words = unlessRequired(`Not tested on Postgres. There is no server: ${server.missing}`);
  console.warn(words);
  beforeEach((test) => test.skip(words));
}
