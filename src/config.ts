/** Environment and holdpoint.yaml, read once and checked: what is unsafe or unclear refuses to start, and says what to set. */
import { parseDocument } from "yaml";
import { z } from "zod";
import { type AgentSettings, agentSchema, peopleNamedIn, SIX_PARTS } from "./domain/charter.ts";
import type { PersonId } from "./domain/ids.ts";
import type { Person, Role } from "./domain/people.ts";

export interface SlackConfig {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Present: Socket Mode. */
  readonly appToken: string | null;
  readonly apiUrl: string | null;
}

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
  readonly logLevel: string;
  readonly people: readonly Person[];
  readonly agents: readonly AgentSettings[];
  /** Things that are not wrong but that the operator should read. */
  readonly remarks: readonly string[];
}

/** Every problem at once, each with what to do about it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Holdpoint does not start:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads a text file; undefined when it is not there. */
export type ReadFile = (path: string) => string | undefined;

/** With no people configured, whoever runs Holdpoint owns what it watches: named in decisions as "Operator". */
export const OPERATOR: Person = { id: "operator" as PersonId, name: "Operator", accounts: {}, roles: ["admin"] };

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
    callbackAllow: (env.HOLDPOINT_CALLBACK_ALLOW ?? "").split(",").map((entry) => entry.trim()).filter(Boolean),
    slack: readSlack(env, problems),
    logLevel: env.LOG_LEVEL || "info",
    people: file.people.length > 0 ? file.people : [OPERATOR],
    agents: file.agents,
    remarks: remarks(env),
  };
  if (config.databaseUrl.startsWith("postgres") && !config.secret) {
    problems.push("HOLDPOINT_SECRET is required with Postgres: set it to 32 random bytes in base64 (openssl rand -base64 32), the same on every replica.");
  }
  if (env.DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS) {
    problems.push("DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS is set: it would let anybody approve. Remove it.");
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** The people and agents of one holdpoint.yaml, with every problem in words: `holdpoint charter check` and the start use it. */
export function checkSettings(text: string): { readonly people: readonly Person[]; readonly agents: readonly AgentSettings[]; readonly problems: readonly string[] } {
  const document = parseDocument(text, { uniqueKeys: true, prettyErrors: true });
  if (document.errors.length > 0) return { people: [], agents: [], problems: document.errors.map((error) => error.message.trim()) };
  const parsed = settingsSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (!parsed.success) return { people: [], agents: [], problems: parsed.error.issues.map(settingsIssue) };
  const people = parsed.data.people.map(toPerson);
  return { people, agents: parsed.data.agents, problems: [...twice(people), ...twiceAgents(parsed.data.agents), ...strangers(people, parsed.data.agents)] };
}

const accountSchema = z.string().trim().min(1).max(200);

const settingsSchema = z.strictObject({
  people: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, "letters, digits, dots and hyphens, such as sarah"),
        name: z.string().trim().min(1).max(100),
        email: z.email().optional(),
        slack: accountSchema.regex(/^[UW][A-Z0-9]{2,}$/, "a Slack member id such as U012ABCDEF (profile → ⋮ → Copy member ID)").optional(),
        teams: accountSchema.regex(/^[0-9a-f-]{36}$/i, "a Microsoft Entra object id (a UUID)").optional(),
        roles: z.array(z.enum(["admin", "auditor"])).default([]),
      }),
    )
    .default([]),
  agents: z.array(agentSchema).default([]),
});

function toPerson(row: z.output<typeof settingsSchema>["people"][number]): Person {
  const accounts = Object.fromEntries(
    (["slack", "teams"] as const).flatMap((platform) => (row[platform] ? [[platform, row[platform]]] : [])),
  );
  return { id: row.id as PersonId, name: row.name, ...(row.email ? { email: row.email } : {}), accounts, roles: row.roles as Role[] };
}

function readSettings(env: Env, readFile: ReadFile, problems: string[]): { readonly people: readonly Person[]; readonly agents: readonly AgentSettings[] } {
  const path = env.HOLDPOINT_CONFIG || "./holdpoint.yaml";
  const text = readFile(path);
  if (text === undefined) {
    if (env.HOLDPOINT_CONFIG) problems.push(`HOLDPOINT_CONFIG names ${path}, which cannot be read: correct the path, or unset it.`);
    return { people: [], agents: [] };
  }
  const settings = checkSettings(text);
  problems.push(...settings.problems.map((problem) => `${path}: ${problem}`));
  return settings;
}

/** One problem of the file, by the path a person would look for, with missing parts of a charter named. */
function settingsIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".") || "the file";
  const part = issue.path.at(-1);
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  if (issue.path.at(-2) === "charter" && SIX_PARTS.includes(part as (typeof SIX_PARTS)[number]) && missing) {
    return `${path} is missing: a charter has six parts (${SIX_PARTS.join(", ")}).`;
  }
  return `${path}: ${issue.message}.`;
}

function twice(people: readonly Person[]): string[] {
  const seen = new Map<string, string>();
  return people.flatMap((person) =>
    [
      `the id ${person.id}`,
      ...(person.email ? [`the mail address of ${person.id}, ${person.email.toLowerCase()}`.replace(` of ${person.id},`, "")] : []),
      ...Object.entries(person.accounts).map(([platform, account]) => `the ${platform} account ${account}`),
    ].flatMap((mark) => {
      const other = seen.get(mark);
      seen.set(mark, person.id);
      return other === undefined ? [] : [`people: ${mark} stands twice (${other}, ${person.id}): a decision must have one name.`];
    }),
  );
}

function twiceAgents(agents: readonly AgentSettings[]): string[] {
  const ids = agents.map((agent) => agent.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `agents: the id ${id} stands twice.`);
}

function strangers(people: readonly Person[], agents: readonly AgentSettings[]): string[] {
  const known = new Set<string>((people.length > 0 ? people : [OPERATOR]).map((person) => person.id));
  return agents.flatMap((agent) =>
    peopleNamedIn(agent.charter)
      .filter(({ id }) => !known.has(id))
      .map(({ id, pointer }) => `agents.${agent.id}${pointer.replaceAll("/", ".")}: nobody in the people list has the id ${id}.`),
  );
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
    problems.push("DATABASE_URL is neither sqlite:<path> nor postgres://…: set one of the two, or unset it for sqlite:./data/holdpoint.db.");
  }
  return url;
}

function readPublicUrl(env: Env, problems: string[]): string | null {
  const text = env.HOLDPOINT_PUBLIC_URL;
  const host = env.HOST || "127.0.0.1";
  if (!text) {
    if (!isLoopback(host)) {
      problems.push(`HOST=${host} listens beyond this machine: set HOLDPOINT_PUBLIC_URL to the https:// address people reach it by.`);
    }
    return null;
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["http:", "https:"].includes(url.protocol) || url.username || url.search || url.hash) {
    problems.push("HOLDPOINT_PUBLIC_URL is not a plain address: set it to something like https://holdpoint.example.com.");
    return null;
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    problems.push("HOLDPOINT_PUBLIC_URL starts with http://: sign-in and decisions would travel in the clear. Use https://.");
  }
  return text.replace(/\/+$/, "");
}

function readAdminKey(key: string | undefined, problems: string[]): string | undefined {
  if (key && !/^hp_admin_[A-Za-z0-9_-]{43}$/.test(key)) {
    problems.push("HOLDPOINT_ADMIN_KEY is not hp_admin_ and 43 base64url characters: unset it to have one made and printed once.");
  }
  return key || undefined;
}

function readSecret(text: string | undefined, problems: string[]): Buffer | null {
  if (!text) return null;
  const secret = Buffer.from(text, "base64");
  // A phrase, a default or a repeated byte is guessed; random bytes have many different values.
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text) || secret.length < 32 || new Set(secret).size < 16) {
    problems.push("HOLDPOINT_SECRET is not 32 or more random bytes in base64: make one with openssl rand -base64 32.");
  }
  return secret;
}

function readSlack(env: Env, problems: string[]): SlackConfig | null {
  const { SLACK_BOT_TOKEN: botToken, SLACK_SIGNING_SECRET: signingSecret, SLACK_APP_TOKEN: appToken, SLACK_API_URL: apiUrl } = env;
  if (!botToken && !signingSecret && !appToken) return null;
  if (!botToken?.startsWith("xoxb-")) {
    problems.push("SLACK_BOT_TOKEN is missing or does not start with xoxb-: copy it from OAuth & Permissions → Bot User OAuth Token.");
  }
  if (!signingSecret && !appToken) {
    problems.push("SLACK_SIGNING_SECRET is missing: copy it from Basic Information → App Credentials.");
  }
  if (signingSecret && signingSecret.length < 8) {
    problems.push("SLACK_SIGNING_SECRET is too short to be one of Slack's: copy it from Basic Information → App Credentials.");
  }
  if (appToken && !appToken.startsWith("xapp-")) {
    problems.push("SLACK_APP_TOKEN does not start with xapp-: make one under Basic Information → App-Level Tokens with connections:write.");
  }
  const api = apiUrl && URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (apiUrl && (!api || (api.protocol !== "https:" && !isLoopback(api.hostname)))) {
    problems.push("SLACK_API_URL would send the bot token in the clear: use https://, or an address of this machine.");
  }
  return {
    botToken: botToken ?? "",
    signingSecret: signingSecret ?? "",
    appToken: appToken || null,
    apiUrl: apiUrl ? apiUrl.replace(/\/?$/, "/") : null,
  };
}

function remarks(env: Env): string[] {
  return env.MicrosoftAppId || env.MicrosoftAppPassword || env.MicrosoftAppTenantId
    ? ["Teams: this version cannot connect to it yet, so the MicrosoftApp… variables do nothing."]
    : [];
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
