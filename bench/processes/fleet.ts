/** A fleet big enough that the limits of one key and one agent stay as they are: a thousand agents, each with a key. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { openParts } from "../../src/parts.ts";
import { checkSettings } from "../../src/settings.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import type { Credential } from "../load/job.ts";

const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "bin/holdpoint.js");
const EXAMPLE = join(ROOT, "examples/holdpoint.yaml");

/** 50 writes a second with each key, and 1,000 open escalations of each agent: far more than one machine can do. */
const AGENTS = 1_000;

export interface Fleet {
  /** Where everything of this fleet lies; gone after `remove`. */
  readonly folder: string;
  readonly credentials: readonly Credential[];
  /** The credentials as a file, for processes. */
  readonly credentialsFile: string;
  readonly adminKey: string;
  /** How to run `holdpoint serve` on it: what users run, with the limits that users have. */
  readonly serve: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly cwd: string };
  remove(): void;
}

/** Makes a database with the agents in it, under the charter of the first agent in examples/holdpoint.yaml. */
export async function prepareFleet(): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const database = join(folder, "holdpoint.db");
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const env = {
    PORT: "0",
    DATABASE_URL: `sqlite:${database}`,
    HOLDPOINT_CONFIG: EXAMPLE,
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    HOLDPOINT_ADMIN_KEY: adminKey,
  };
  const read = (path: string) => readFileSync(path, "utf8");
  const [charter] = checkSettings(read(EXAMPLE)).agents;
  if (charter === undefined) throw new Error("examples/holdpoint.yaml has no agents");

  const parts = await openParts(readConfig(env, read));
  const by = { id: "bench", name: "Bench" };
  const names = Array.from({ length: AGENTS }, (_, at) => `bench-${String(at + 1).padStart(4, "0")}` as AgentId);
  const credentials = await Promise.all(
    names.map(async (agent): Promise<Credential> => {
      const applied = await parts.applyCharter({ settings: { ...charter, id: agent, name: agent }, by });
      const issued = applied.ok ? await parts.issueKey.forAgent(agent, by) : applied;
      if (!issued.ok) throw new Error(`no key for ${agent}: ${JSON.stringify(issued.no)}`);
      return { agent, key: issued.value.key, signingSecret: issued.value.signing_secret };
    }),
  );
  await parts.close();
  assertDurable(database);
  const credentialsFile = join(folder, "credentials.json");
  writeFileSync(credentialsFile, JSON.stringify(credentials), { mode: 0o600 });

  return {
    ...{ folder, credentials, credentialsFile, adminKey },
    serve: { args: [BIN, "serve"], env, cwd: folder },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Asked of a connection that is opened as the server opens its own. */
function assertDurable(path: string): void {
  const database = openFile(path);
  const synchronous = database.pragma("synchronous", { simple: true });
  database.close();
  if (synchronous !== 2) throw new Error(`synchronous is ${String(synchronous)}: the figures would be of another promise`);
}
