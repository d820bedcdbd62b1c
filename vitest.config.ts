/** How the tests run: sentences in the present tense, on real engines, in projects by engine and by what they cost. */
import { configDefaults, defineConfig } from "vitest/config";

/** Many processes, a browser, Microsoft's Playground: `npm run test:thorough`, and every run of CI. */
const THOROUGH = [
  "test/journeys/crash.test.ts",
  "test/journeys/replicas.test.ts",
  "test/journeys/power-cut.test.ts",
  "test/journeys/demo.test.ts",
  "test/web/browser.test.ts",
  "test/web/digests-browser.test.ts",
  "test/chat/teams/playground.test.ts",
  "test/chat/teams/playground-digests.test.ts",
  "test/chat/slack/sockets.test.ts",
  "test/store/postgres-loss.test.ts",
  "test/store/processes.test.ts",
];

const journeys = (...names: readonly string[]) => names.map((name) => `test/journeys/${name}.test.ts`);

/** Stories that ask nothing of a store, are about SQLite's own file, or go to Postgres by themselves. */
const NOT_ON_POSTGRES = journeys("browser", "slow-disk", "burst", "time-on-two");

/** Long ones, of which the thorough run is soon enough. */
const LATER_ON_POSTGRES = journeys("noise", "business-hours", "hostile-texts");

/** Told on Postgres as well as on SQLite. */
const ON_POSTGRES = {
  provide: { engine: "postgres" },
  setupFiles: "test/support/on-postgres.ts",
} as const;

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // A real Postgres for the suites that run on both engines.
    globalSetup: "./test/support/postgres-server.ts",
    // Half of the time of many files is waiting for other processes, so one more than the two cores of a small machine.
    maxWorkers: 3,
    // On a machine that others share, a red test is run once more before it counts; the report says which were.
    retry: process.env.CI ? 1 : 0,
    pool: "forks",
    // Files of one worker share what they import: Bolt, botbuilder and the frameworks load once, not a hundred times.
    isolate: false,
    projects: [
      {
        extends: true,
        test: {
          name: "core",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, ...THOROUGH],
        },
      },
      {
        extends: true,
        test: {
          name: "postgres",
          include: ["test/journeys/*.test.ts", "test/chat/*/contract.test.ts"],
          exclude: [...NOT_ON_POSTGRES, ...LATER_ON_POSTGRES, ...THOROUGH],
          ...ON_POSTGRES,
        },
      },
      { extends: true, test: { name: "thorough", include: THOROUGH } },
      { extends: true, test: { name: "thorough on postgres", include: LATER_ON_POSTGRES, ...ON_POSTGRES } },
    ],
  },
});
