/** Who else can hold an agent's work durably until somebody decides: what to install, and how its server is started. */

export interface Peer {
  readonly name: string;
  /** From the npm registry; as they are today, where no version is named. */
  readonly packages: readonly string[];
  /** Packages that theirs depend on, in versions of ours. */
  readonly like?: readonly string[];
  /** Beside this file; copied to where the packages are. */
  readonly script: string;
  readonly needsPostgres: boolean;
  /** Where one request goes; `{n}` is another number each time. */
  readonly path: string;
  /** At least so many times faster, on one core. */
  readonly target: number;
  /** What it does for one request, in words. */
  readonly job: string;
}

export const PEERS: readonly Peer[] = [
  {
    name: "LangGraph",
    // The versions that our own tests use: the newest of these three do not always name each other yet.
    packages: [
      "@langchain/langgraph@1.3.4",
      "@langchain/langgraph-checkpoint-sqlite@1.0.4",
      "@langchain/core@1.2.13",
    ],
    // The same SQLite as ours, which comes compiled.
    like: ["better-sqlite3"],
    script: "langgraph.mjs",
    needsPostgres: false,
    path: "/",
    target: 30,
    job: "a graph that runs to its interrupt, checkpointed in SQLite (synchronous=FULL)",
  },
  {
    name: "DBOS",
    packages: ["@dbos-inc/dbos-sdk"],
    script: "dbos.mjs",
    needsPostgres: true,
    path: "/",
    target: 20,
    job: "a workflow started in Postgres, which waits for a message",
  },
  {
    name: "Restate",
    packages: ["@restatedev/restate-sdk", "@restatedev/restate-server"],
    script: "restate.mjs",
    needsPostgres: false,
    path: "/hold/{n}/run/send",
    target: 15,
    job: "a workflow sent to its server, which waits for a promise",
  },
  {
    name: "graphile-worker",
    packages: ["graphile-worker", "pg"],
    script: "graphile-worker.mjs",
    needsPostgres: true,
    path: "/",
    target: 2.4,
    job: "Postgres and a queue by hand: one row and one job in a transaction",
  },
];
