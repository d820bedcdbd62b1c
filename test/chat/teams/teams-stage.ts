/** Our Teams platform joined to the connector on loopback: what tests of the two together need. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Gesture } from "../../../src/application/gesture.ts";
import type { Answer, BehindCard, ChatPlatform, Log, Notes, Route } from "../../../src/application/ports.ts";
import type { Card } from "../../../src/cards/card.ts";
import type { Form } from "../../../src/cards/form.ts";
import type { Intent, IntentVerb } from "../../../src/cards/intent.ts";
import { createTeams, type TeamsOptions } from "../../../src/chat/teams/index.ts";
import type { Address } from "../../../src/domain/delivery/copy.ts";
import { pacesInMemory } from "../../support/paces.ts";
import { type MovableClock, movableClock } from "../../support/slack-workspace/index.ts";
import { startTeamsConnector, type TeamsConnector } from "../../support/teams-connector/index.ts";

export const APP = "11111111-2222-3333-4444-555555555555";
export const TENANT = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
export const SARAH = "00000000-0000-4000-8000-00000000000a";
export const JAMES = "00000000-0000-4000-8000-00000000000b";
export const GUEST = "00000000-0000-4000-8000-00000000000c";
export const STRANGER = "00000000-0000-4000-8000-00000000000d";
export const ABSENT = "00000000-0000-4000-8000-00000000000e";
export const REVIEW = "19:review@thread.tacv2";
export const SALES = "19:sales@thread.tacv2";
export const CONSOLE = "https://holdpoint.example.com";

export const person = (id: string): Address => ({ platform: "teams", kind: "person", id });
export const channel = (id: string): Address => ({ platform: "teams", kind: "channel", id });

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly words: string;
}

export interface Stage {
  readonly connector: TeamsConnector;
  readonly platform: ChatPlatform;
  readonly clock: MovableClock;
  readonly notes: ReadonlyMap<string, string>;
  readonly gestures: readonly Gesture[];
  readonly log: readonly LogLine[];
  /** What the application answers from now on. */
  answerWith(answer: (gesture: Gesture) => Answer | Promise<Answer>): void;
  /** What stands behind the cards from now on; nothing that the platform knows of, before. */
  standBehind(behind: (id: string) => BehindCard | undefined): void;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly teams?: Partial<TeamsOptions>;
  readonly mostBytes?: number;
}

/** Values of buttons as tests read them; the real ones are sealed. */
export function token(intent: Intent): string {
  return `token.${intent.verb}.${intent.on}.${intent.revision}`;
}

export function intentOf(text: string): Intent | undefined {
  const [, verb, on, revision] = /^token\.([a-z_]+)\.([^.]+)\.(\d+)$/.exec(text) ?? [];
  return verb === undefined || on === undefined
    ? undefined
    : { verb: verb as IntentVerb, on, revision: Number(revision), digest: null };
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const clock = movableClock();
  const connector = await startTeamsConnector({
    people: [
      { id: SARAH, name: "Sarah Chen" },
      { id: JAMES, name: "James Liu" },
      { id: GUEST, name: "A guest", guest: true },
      { id: STRANGER, name: "From elsewhere", tenant: "ffffffff-0000-4000-8000-000000000000" },
      { id: ABSENT, name: "Without the app", without: true },
    ],
    channels: [
      { id: REVIEW, members: [SARAH, JAMES, GUEST, STRANGER] },
      { id: SALES, members: [SARAH, JAMES] },
    ],
    ...{ appId: APP, tenantId: TENANT, password: "a secret", clock },
    ...(options.mostBytes !== undefined && { mostBytes: options.mostBytes }),
  });
  const notes = new Map<string, string>();
  const gestures: Gesture[] = [];
  const log: LogLine[] = [];
  let behind: (id: string) => BehindCard | undefined = () => undefined;
  let answer: (gesture: Gesture) => Answer | Promise<Answer> = () => ({ kind: "done", words: "" });
  const platform = createTeams({
    ...{ appId: APP, appPassword: "a secret", tenantId: TENANT, appType: "SingleTenant" },
    connectorUrl: connector.url,
    receive: async (gesture) => {
      gestures.push(gesture);
      return answer(gesture);
    },
    notes: notesOver(notes),
    paces: pacesInMemory(),
    lookBehind: async (id) => behind(id),
    ...{ token, intent: intentOf, clock, log: logInto(log), publicUrl: CONSOLE },
    ...options.teams,
  });
  const server = await serve(platform.routes);
  connector.setBotUrl(`http://127.0.0.1:${server.port}/api/messages`);
  await platform.start();
  return {
    ...{ connector, platform, clock, notes, gestures, log },
    answerWith(next) {
      answer = next;
    },
    standBehind(next) {
      behind = next;
    },
    async close() {
      await platform.close();
      await server.close();
      await connector.close();
    },
  };
}

function notesOver(map: Map<string, string>): Notes {
  return {
    get: async (key) => map.get(key),
    async set(key, value) {
      map.set(key, value);
    },
    async delete(key) {
      map.delete(key);
    },
  };
}

function logInto(lines: LogLine[]): Log {
  const at = (level: LogLine["level"]) => (facts: LogLine["facts"], words: string) => {
    lines.push({ level, facts, words });
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** Routes on a real port, bytes handed over untouched, as Holdpoint's own server does. */
async function serve(routes: readonly Route[]) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const route = routes.find((one) => one.method === request.method && one.path === request.url);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(", ") : value,
      ]),
    );
    const answer = await route?.handle({ headers, body: Buffer.concat(chunks) });
    response.writeHead(answer?.status ?? 404, answer?.headers ?? {}).end(answer?.body ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** A small card with a decision to take. */
export function askingCard(words = "Reply to Dana about GDPR", revision = 1): Card {
  const intent = (verb: Intent["verb"]): Intent => ({ verb, on: "esc_1", revision, digest: null });
  return {
    summary: `Trial nurture asks: ${words}`,
    tone: "asking",
    blocks: [
      { kind: "heading", text: "Trial nurture asks: approve send_email?" },
      { kind: "quote", text: words, from: "The agent says (unverified):" },
      {
        kind: "buttons",
        buttons: [
          { label: "Approve", tone: "go", intent: intent("approve") },
          { label: "Reject", tone: "stop", intent: intent("reject") },
        ],
      },
      { kind: "open", label: "Open in the console", url: `${CONSOLE}/escalations/esc_1` },
    ],
  };
}

export function settledCard(words: string): Card {
  return { summary: words, tone: "good", blocks: [{ kind: "heading", text: words }] };
}

const onEscalation = { on: "esc_1", revision: 1, digest: null };
/** A form with one field of each kind. */
export const rejectForm: Form = {
  title: "Reject",
  send: "Send",
  intent: { verb: "reject", ...onEscalation },
  intro: [{ kind: "plain", text: "The agent is told your reason." }],
  fields: [
    { kind: "lines", name: "reason", label: "Reason", optional: false, max: 3_000 },
    { kind: "number", name: "percent", label: "Percent", optional: true, whole: true, value: 10 },
    { kind: "tick", name: "again", label: "Again?", optional: true, value: true },
    {
      kind: "choice",
      name: "how",
      label: "How",
      optional: true,
      value: "b",
      choices: [{ value: "b", label: "B" }],
    },
  ],
};
