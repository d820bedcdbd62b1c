/** The whole of Holdpoint in this process: the real app on a free port, a Slack workspace on loopback, and a clock one moves. */
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Log } from "../../src/application/ports.ts";
import { slackManifest } from "../../src/chat/platforms.ts";
import { readConfig } from "../../src/config.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import { type Running, start } from "../../src/main.ts";
import { type AgentClient, agentClient, callWith, type Reply } from "./agent-client.ts";
import { type CallbackReceiver, startCallbackReceiver } from "./callback-receiver.ts";
import { engineDatabase, type TestDatabase } from "./engine.ts";
import { type SlackPerson, slackPerson } from "./slack-person.ts";
import {
  type MovableClock,
  movableClock,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from "./slack-workspace/index.ts";

export const PUBLIC_URL = "https://holdpoint.example.com";
export const REVIEW = "C0REVIEW";
export const AGENTS = "C0AGENTS";

const SETTINGS = readFileSync(new URL("../../examples/holdpoint.yaml", import.meta.url), "utf8");

/** What is due within this long is under way rather than later: paced posts, first retries. */
const UNDER_WAY_MS = 10_000;

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly words: string;
}

export interface HoldpointOptions {
  readonly settings?: (yaml: string) => string;
  readonly slack?: Partial<SlackWorkspaceOptions>;
  /** Slack is heard over sockets instead of HTTP. */
  readonly socket?: boolean;
  /** Slack is not configured at all. */
  readonly alone?: boolean;
  /** A file of SQLite, where the story needs one; on another engine it is that one's database. */
  readonly database?: string;
  /** Further variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Holdpoint {
  readonly url: string;
  readonly app: Running;
  readonly clock: MovableClock;
  readonly slack: SlackWorkspace;
  readonly receiver: CallbackReceiver;
  readonly log: readonly LogLine[];
  readonly sarah: SlackPerson;
  readonly james: SlackPerson;
  readonly amara: SlackPerson;
  readonly elena: SlackPerson;
  person(slackId: string): SlackPerson;
  /** A client with a new key. */
  agent(id?: string): Promise<AgentClient>;
  admin(method: string, path: string, body?: unknown): Promise<Reply>;
  /** Until the server holds a request back. */
  somebodyWaits(): Promise<void>;
  /** Runs what is due, and what that makes due within seconds, moving the clock as far as that takes. */
  settle(): Promise<void>;
  /** Lets so much time pass, doing on the way what falls due, each at its time. */
  pass(ms: number): Promise<void>;
  /** Lines of the audit trail about one escalation. */
  audit(escalation: string): Promise<readonly { readonly kind: string; readonly detail?: object }[]>;
  /** Starts another one beside it, on the same database; whoever starts it closes it. */
  replica(): Promise<Running>;
  /** Stops the app and starts it anew on the same database file, with other settings if they are given. */
  restart(settings?: (yaml: string) => string): Promise<Holdpoint>;
  /** Closes everything, and checks what must hold after every story. */
  end(): Promise<void>;
}

/** Starts it with the people and agents of `examples/holdpoint.yaml`. */
export async function startHoldpoint(options: HoldpointOptions = {}): Promise<Holdpoint> {
  const clock = movableClock();
  const slack = await startSlackWorkspace({
    users: [
      { id: "U0SARAH", name: "sarah", real_name: "Sarah Chen", profile: { email: "sarah@example.com" } },
      { id: "U0JAMES", name: "james", real_name: "James Liu", profile: { email: "james@example.com" } },
      { id: "U0AMARA", name: "amara", real_name: "Amara Okafor", profile: { email: "amara@example.com" } },
      { id: "U0ELENA", name: "elena", real_name: "Elena Rossi", profile: { email: "elena@example.com" } },
      { id: "U0OLIVER", name: "oliver", real_name: "Oliver Brandt" },
      { id: "U0GUEST", name: "guest", real_name: "A guest", is_restricted: true },
      {
        id: "U0OTHER",
        name: "other",
        real_name: "From elsewhere",
        is_stranger: true,
        team_id: "T0ELSEWHERE",
      },
    ],
    channels: [
      { id: REVIEW, name: "review", members: ["U0SARAH", "U0JAMES", "U0AMARA"] },
      {
        id: AGENTS,
        name: "agents",
        members: ["U0SARAH", "U0JAMES", "U0AMARA", "U0ELENA", "U0OLIVER", "U0GUEST", "U0OTHER"],
      },
    ],
    manifest: slackManifest(options.socket ? null : PUBLIC_URL),
    appToken: "xapp-1-A00LOOPBACK-1-secret",
    clock,
    signingClock: () => clock.now(),
    ...options.slack,
  });
  const secrets: string[] = [];
  const receiver = await startCallbackReceiver(
    () => secrets,
    () => clock.now(),
  );
  const settings = (options.settings ?? ((yaml) => yaml))(SETTINGS);
  const database = await engineDatabase(options.database);
  return open({ options, database, clock, slack, receiver, secrets, settings, log: [] });
}

interface House {
  readonly options: HoldpointOptions;
  readonly database: TestDatabase;
  readonly clock: MovableClock;
  readonly slack: SlackWorkspace;
  readonly receiver: CallbackReceiver;
  readonly secrets: string[];
  readonly settings: string;
  readonly log: LogLine[];
}

const SECRET = randomBytes(32).toString("base64");
const ADMIN_KEY = `hp_admin_${randomBytes(32).toString("base64url")}`;

async function open(house: House): Promise<Holdpoint> {
  const { options, clock, slack, receiver, secrets } = house;
  const env = {
    PORT: "0",
    DATABASE_URL: house.database.url,
    HOLDPOINT_CONFIG: "holdpoint.yaml",
    HOLDPOINT_PUBLIC_URL: PUBLIC_URL,
    HOLDPOINT_SECRET: SECRET,
    HOLDPOINT_ADMIN_KEY: ADMIN_KEY,
    HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
    ...options.env,
    ...(options.alone
      ? {}
      : {
          SLACK_BOT_TOKEN: slack.botToken,
          SLACK_SIGNING_SECRET: slack.signingSecret,
          SLACK_API_URL: slack.apiUrl,
          ...(options.socket ? { SLACK_APP_TOKEN: slack.appToken } : {}),
        }),
  };
  const begin = () =>
    start(
      readConfig(env, () => house.settings),
      clock,
      logInto(house.log),
    );
  const app = await begin();
  if (options.socket) await slack.until(() => slack.sockets.count() > 0, "a socket");
  else slack.setEventsUrl(`${app.url}/slack/events`);
  const { store, issueKey } = app.parts;

  /** Does what falls due until an instant, each at its time. */
  const runUntil = async (end: number) => {
    for (;;) {
      await app.worker.drain();
      const next = await store.jobs.nextDue();
      if (next === undefined || next > end) return;
      clock.advance(Math.max(0, next - clock.now()));
    }
  };
  const person = (id: string) => slackPerson(slack, id);
  const admin = callWith(app.url, ADMIN_KEY);

  return {
    ...{ url: app.url, app, clock, slack, receiver, log: house.log, person },
    ...{
      sarah: person("U0SARAH"),
      james: person("U0JAMES"),
      amara: person("U0AMARA"),
      elena: person("U0ELENA"),
    },
    async agent(id = "trial-nurture") {
      const issued = await issueKey.forAgent(id as AgentId, { id: "operator", name: "Operator" });
      if (!issued.ok) throw new Error(`there is no agent ${id}`);
      secrets.push(issued.value.signing_secret);
      return agentClient(app.url, issued.value.key, issued.value.signing_secret);
    },
    admin,
    async somebodyWaits() {
      const waits = async () => /^holdpoint_long_polls 1$/m.test((await admin("GET", "/v1/metrics")).text);
      while (!(await waits()));
    },
    settle: () => runUntil(clock.now() + UNDER_WAY_MS),
    async pass(ms) {
      const end = clock.now() + ms;
      await runUntil(end);
      clock.advance(end - clock.now());
      await app.worker.drain();
    },
    audit: (id) => store.audit.ofEscalation(id as Parameters<typeof store.audit.ofEscalation>[0]),
    replica: begin,
    async restart(change = (yaml) => yaml) {
      await app.close();
      return open({ ...house, settings: change(house.settings) });
    },
    async end() {
      const audit = await app.parts.verifyAudit();
      await app.close();
      await receiver.close();
      await slack.close();
      await house.database.drop();
      expect(audit).toMatchObject({ whole: true });
      expect(receiver.refused, "callbacks that standardwebhooks does not verify").toEqual([]);
      expect(slack.violations(), "calls beyond Slack's rates").toEqual([]);
    },
  };
}

function logInto(lines: LogLine[]): Log {
  const at = (level: LogLine["level"]) => (facts: LogLine["facts"], words: string) => {
    lines.push({ level, facts, words });
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}
