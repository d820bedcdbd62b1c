/** Our Slack platform joined to the workspace on loopback: what tests of the two together need. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Gesture } from "../../../src/application/gesture.ts";
import type { Answer, ChatPlatform, Log, Notes, Route } from "../../../src/application/ports.ts";
import type { Card } from "../../../src/cards/card.ts";
import type { Intent } from "../../../src/cards/intent.ts";
import { createSlack, type SlackOptions } from "../../../src/chat/slack/index.ts";
import { slackManifest } from "../../../src/chat/slack/manifest.ts";
import type { Address } from "../../../src/domain/delivery/copy.ts";
import { pacesInMemory } from "../../support/paces.ts";
import {
  type MovableClock,
  movableClock,
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from "../../support/slack-workspace/index.ts";

export const SARAH = "U012ABCDEF";
export const JAMES = "U013ABCDEF";
export const GUEST = "U0GUEST";
export const STRANGER = "U0STRANGER";
export const GONE = "U0GONE";
export const AGENTS = "C0123456789";
export const SALES = "C0987654321";
export const CONSOLE = "https://holdpoint.example.com";

export const person = (id: string): Address => ({ platform: "slack", kind: "person", id });
export const channel = (id: string): Address => ({ platform: "slack", kind: "channel", id });

interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly words: string;
}

export interface Stage {
  readonly workspace: SlackWorkspace;
  readonly platform: ChatPlatform;
  readonly clock: MovableClock;
  readonly notes: ReadonlyMap<string, string>;
  readonly gestures: readonly Gesture[];
  readonly log: readonly LogLine[];
  /** What the application answers from now on. */
  answerWith(answer: (gesture: Gesture) => Answer | Promise<Answer>): void;
  /** The same app after a restart, or another replica of it: what the store keeps is there. */
  restarted(): ChatPlatform;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly socket?: boolean;
  readonly patienceMs?: number;
  readonly workspace?: Partial<SlackWorkspaceOptions>;
  readonly slack?: Partial<SlackOptions>;
  /** What stands between the app and the workspace: its address for the workspace's. */
  readonly through?: (apiUrl: string) => Promise<string>;
}

/** Values of buttons as tests read them; the real ones are sealed. */
export function token(intent: Intent): string {
  return `token.${intent.verb}.${intent.on}.${intent.revision}`;
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const clock = movableClock();
  const workspace = await startSlackWorkspace({
    users: [
      { id: SARAH, name: "sarah", real_name: "Sarah Chen" },
      { id: JAMES, name: "james", real_name: "James Liu" },
      { id: GUEST, name: "guest", is_restricted: true },
      { id: STRANGER, name: "stranger", is_stranger: true, team_id: "T0ELSEWHERE" },
      { id: GONE, name: "gone", deleted: true },
    ],
    channels: [
      { id: AGENTS, name: "agents", members: [SARAH, JAMES, GUEST, STRANGER] },
      { id: SALES, name: "sales", members: [SARAH, JAMES] },
      { id: "C0ELSEWHERE", name: "elsewhere", members: [SARAH], with_bot: false },
    ],
    manifest: slackManifest(options.socket === true ? null : CONSOLE),
    clock,
    signingClock: () => clock.now(),
    appToken: "xapp-1-A00LOOPBACK-1-secret",
    ...options.workspace,
  });
  const apiUrl = (await options.through?.(workspace.apiUrl)) ?? workspace.apiUrl;
  const notes = new Map<string, string>();
  const paces = pacesInMemory();
  const gestures: Gesture[] = [];
  const log: LogLine[] = [];
  let answer: (gesture: Gesture) => Answer | Promise<Answer> = () => ({ kind: "done", words: "" });
  const build = () =>
    createSlack({
      botToken: workspace.botToken,
      signingSecret: workspace.signingSecret,
      ...(options.socket === true && { appToken: workspace.appToken }),
      apiUrl,
      receive: async (gesture) => {
        gestures.push(gesture);
        return answer(gesture);
      },
      notes: notesOver(notes),
      paces,
      token,
      clock,
      log: logInto(log),
      publicUrl: CONSOLE,
      ...(options.patienceMs !== undefined && { patienceMs: options.patienceMs }),
      ...options.slack,
    });
  const platform = build();
  const server = await serve(platform.routes);
  if (options.socket !== true) workspace.setEventsUrl(`http://127.0.0.1:${server.port}/slack/events`);
  await platform.start();
  return {
    workspace,
    platform,
    clock,
    notes,
    gestures,
    log,
    answerWith(next) {
      answer = next;
    },
    restarted: build,
    async close() {
      await platform.close();
      await server.close();
      await workspace.close();
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
