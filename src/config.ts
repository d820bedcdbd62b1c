/** Environment and holdpoint.yaml, read once and checked: what is unsafe or unclear refuses to start, and says what to set. */
import {
  type Env,
  isLoopback,
  readSlack,
  readTeams,
  type SlackConfig,
  type TeamsConfig,
} from "./chat-config.ts";
import type { AgentSettings } from "./domain/charter/charter.ts";
import { type Address, channelAddress } from "./domain/delivery/copy.ts";
import type { Person } from "./domain/people.ts";
import { checkSettings, OPERATOR, type Settings } from "./settings.ts";

export interface Config {
  readonly host: string;
  readonly port: number;
  readonly databaseUrl: string;
  /** Null: the address it listens on. */
  readonly publicUrl: string | null;
  readonly adminKey: string | undefined;
  /** Null: made and kept beside the SQLite file. */
  readonly secret: Buffer | null;
  readonly callbackAllow: readonly string[];
  readonly slack: SlackConfig | null;
  readonly teams: TeamsConfig | null;
  /** `crewai/renewal-assistant` → the secrets with which that sender signs what it sends to that agent. */
  readonly senderSecrets: ReadonlyMap<string, readonly string[]>;
  /** Where operators are told what is wrong with Holdpoint itself; null: in the log alone. */
  readonly operators: Address | null;
  /** Pinged every minute while all is well, so that silence raises an alarm elsewhere; null: by nobody. */
  readonly heartbeatUrl: string | null;
  readonly logLevel: string;
  readonly people: readonly Person[];
  readonly agents: readonly AgentSettings[];
}

/** Every problem at once, each with what to do about it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Holdpoint does not start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** Reads a text file; undefined when it is not there. */
export type ReadFile = (path: string) => string | undefined;

/** @throws ConfigError naming every problem, each with what to set. */
export function readConfig(env: Env, readFile: ReadFile): Config {
  const problems: string[] = [];
  const file = readSettings(env, readFile, problems);
  const config: Config = {
    host: env.HOST || "127.0.0.1",
    port: readPort(env.PORT, problems),
    databaseUrl: readDatabaseUrl(env.DATABASE_URL, problems),
    publicUrl: readPublicUrl(env, problems),
    adminKey: readAdminKey(env.HOLDPOINT_ADMIN_KEY, problems),
    secret: readSecret(env.HOLDPOINT_SECRET, problems),
    callbackAllow: (env.HOLDPOINT_CALLBACK_ALLOW ?? "")
      .split(",")
      .map((entry) => entry.trim())
      .filter(Boolean),
    slack: readSlack(env, problems),
    teams: readTeams(env, problems),
    senderSecrets: readSenderSecrets(env.HOLDPOINT_SENDER_SECRETS, problems),
    operators: file.operators === null ? null : channelAddress(file.operators),
    heartbeatUrl: readHeartbeatUrl(env.HEARTBEAT_URL, problems),
    logLevel: env.LOG_LEVEL || "info",
    people: file.people.length > 0 ? file.people : [OPERATOR],
    agents: file.agents,
  };
  if (config.databaseUrl.startsWith("postgres") && !config.secret) {
    problems.push(
      "HOLDPOINT_SECRET is required with Postgres: set it to 32 random bytes in base64 (openssl rand -base64 32), the same on every replica.",
    );
  }
  if (env.DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS) {
    problems.push(
      "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS is set: it would let anybody approve. Remove it.",
    );
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function readSettings(
  env: Env,
  readFile: ReadFile,
  problems: string[],
): Pick<Settings, "people" | "agents" | "operators"> {
  const path = env.HOLDPOINT_CONFIG || "./holdpoint.yaml";
  const text = readFile(path);
  if (text === undefined) {
    if (env.HOLDPOINT_CONFIG)
      problems.push(`HOLDPOINT_CONFIG names ${path}, which cannot be read: correct the path, or unset it.`);
    return { people: [], agents: [], operators: null };
  }
  const settings = checkSettings(text);
  problems.push(...settings.problems.map((problem) => `${path}: ${problem}`));
  return settings;
}

function readHeartbeatUrl(text: string | undefined, problems: string[]): string | null {
  if (!text) return null;
  if (URL.canParse(text) && ["http:", "https:"].includes(new URL(text).protocol)) return text;
  problems.push(
    "HEARTBEAT_URL is not a web address: set it to the one your monitoring gave you, such as https://hc-ping.com/<id>.",
  );
  return null;
}

/** Several entries for one sender and agent are several secrets, as while one is replaced by the next. */
function readSenderSecrets(
  text: string | undefined,
  problems: string[],
): ReadonlyMap<string, readonly string[]> {
  const secrets = new Map<string, readonly string[]>();
  for (const entry of (text ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter(Boolean)) {
    const [, name = "", secret = ""] = /^([a-z0-9-]+\/[a-z0-9-]+)=(\S{16,})$/.exec(entry) ?? [];
    // The entry itself may hold a secret, so it is not repeated.
    if (name) secrets.set(name, [...(secrets.get(name) ?? []), secret]);
    else {
      problems.push(
        "HOLDPOINT_SENDER_SECRETS has an entry that is not <sender>/<agent>=<secret of at least 16 characters>, such as crewai/renewal-assistant=whsec_…: correct it, and part entries by commas.",
      );
    }
  }
  return secrets;
}

function readPort(text: string | undefined, problems: string[]): number {
  const port = Number(text || "3000");
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  problems.push("PORT is not a port: set it to a number from 0 (any free one) to 65535.");
  return 0;
}

function readDatabaseUrl(text: string | undefined, problems: string[]): string {
  const url = text || "sqlite:./data/holdpoint.db";
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(url)) {
    problems.push(
      "DATABASE_URL is neither sqlite:<path> nor postgres://…: set one of the two, or unset it for sqlite:./data/holdpoint.db.",
    );
  }
  return url;
}

function readPublicUrl(env: Env, problems: string[]): string | null {
  const text = env.HOLDPOINT_PUBLIC_URL;
  const host = env.HOST || "127.0.0.1";
  if (!text) {
    if (!isLoopback(host)) {
      problems.push(
        `HOST=${host} listens beyond this machine: set HOLDPOINT_PUBLIC_URL to the https:// address people reach it by.`,
      );
    }
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.search || url.hash) {
    problems.push(
      "HOLDPOINT_PUBLIC_URL is not a plain address: set it to something like https://holdpoint.example.com.",
    );
    return null;
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    problems.push(
      "HOLDPOINT_PUBLIC_URL starts with http://: sign-in and decisions would travel in the clear. Use https://.",
    );
  }
  return text.replace(/\/+$/, "");
}

function readAdminKey(key: string | undefined, problems: string[]): string | undefined {
  if (key && !/^hp_admin_[A-Za-z0-9_-]{43}$/.test(key)) {
    problems.push(
      "HOLDPOINT_ADMIN_KEY is not hp_admin_ and 43 base64url characters: unset it to have one made and printed once.",
    );
  }
  return key || undefined;
}

function readSecret(text: string | undefined, problems: string[]): Buffer | null {
  if (!text) return null;
  const secret = Buffer.from(text, "base64");
  // A phrase, a default or a repeated byte is guessed; random bytes have many different values.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || secret.length < 32 || new Set(secret).size < 16) {
    problems.push(
      "HOLDPOINT_SECRET is not 32 or more random bytes in base64: make one with openssl rand -base64 32.",
    );
  }
  return secret;
}
