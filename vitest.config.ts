/** How the tests run: sentences in the present tense, on real engines in memory. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/postgres-server.ts"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two cores on the smallest machine that has to be green; a fork each keeps native handles apart.
    pool: "forks",
  },
});
