/** A database with agents in it, a key for each, and how to serve it: what users run, with the limits that users have. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import type { ActionDigest, AgentId, PersonId } from "../../src/domain/ids.ts";
import { openParts } from "../../src/parts.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import type { Credential } from "../load/job.ts";
import type { Settings } from "./settings.ts";

const BIN = join(import.meta.dirname, "../../bin/holdpoint.js");

export interface Fleet {
  /** Where everything of this fleet lies; gone after `remove`. */
  readonly folder: string;
  readonly credentials: readonly Credential[];
  /** The credentials as a file, for processes. */
  readonly credentialsFile: string;
  readonly adminKey: string;
  /** The SQLite file, where there is one. */
  readonly database: string;
  /** What a button carries that approves an escalation as it was opened. */
  approval(raised: { readonly id: string; readonly action_digest: string | null }): string;
  /** A path for each of `signsIn`, on which they are signed in to the console, once. */
  readonly signInPaths: readonly string[];
  /** `holdpoint serve`. */
  readonly serve: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv; readonly cwd: string };
  remove(): void;
}

/** `postgres`: the URL of an empty database, instead of a file. `signsIn`: ids of people. */
export async function prepareFleet(
  settings: Settings,
  { postgres, signsIn = [] }: { readonly postgres?: string; readonly signsIn?: readonly string[] } = {},
): Promise<Fleet> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-bench-"));
  const database = join(folder, "holdpoint.db");
  const file = join(folder, "holdpoint.yaml");
  writeFileSync(file, JSON.stringify(settings));
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const env = {
    PORT: "0",
    DATABASE_URL: postgres ?? `sqlite:${database}`,
    HOLDPOINT_CONFIG: file,
    HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
    HOLDPOINT_ADMIN_KEY: adminKey,
    // Where the bench listens for what agents are told.
    HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
  };
  const config = readConfig(env, (path) => readFileSync(path, "utf8"));
  const parts = await openParts(config);
  const by = { id: "bench", name: "Bench" };
  const issue = async (agent: AgentId): Promise<Credential> => {
    const issued = await parts.issueKey.forAgent(agent, by);
    if (!issued.ok) throw new Error(`no key for ${agent}: ${JSON.stringify(issued.no)}`);
    return { agent, key: issued.value.key, signingSecret: issued.value.signing_secret };
  };
  const credentials = await Promise.all(config.agents.map(({ id }) => issue(id as AgentId)));
  const signInPaths = await Promise.all(signsIn.map((person) => parts.signIn.linkFor(person as PersonId)));
  const { seal } = parts;
  await parts.close();
  if (postgres === undefined) assertDurable(database);
  const credentialsFile = join(folder, "credentials.json");
  writeFileSync(credentialsFile, JSON.stringify(credentials), { mode: 0o600 });

  return {
    ...{ folder, credentials, credentialsFile, adminKey, database, signInPaths },
    approval: ({ id, action_digest }) =>
      seal.token({ verb: "approve", on: id, revision: 1, digest: action_digest as ActionDigest | null }),
    serve: { args: ["--max-semi-space-size=8", BIN, "serve"], env, cwd: folder },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Asked of a connection that is opened as the server opens its own. */
function assertDurable(path: string): void {
  const database = openFile(path);
  const synchronous = database.pragma("synchronous", { simple: true });
  database.close();
  if (synchronous !== 2)
    throw new Error(`synchronous is ${String(synchronous)}: the figures would be of another promise`);
}
