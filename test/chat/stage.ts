/** The application as a platform under test meets it, Slack's or Teams': it takes down what reaches it and answers as told. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Gesture } from "../../src/application/gesture.ts";
import type { Answer, Log, Notes, Paces, Receive, Route } from "../../src/application/ports.ts";
import type { Card } from "../../src/cards/card.ts";
import type { Intent } from "../../src/cards/intent.ts";
import { pacesInMemory } from "../support/paces.ts";
import { type MovableClock, movableClock } from "../support/slack-workspace/index.ts";

export const CONSOLE = "https://holdpoint.example.com";

interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly facts: Readonly<Record<string, unknown>>;
  readonly words: string;
}

/** What a test moves and reads. */
export interface ApplicationSide {
  readonly clock: MovableClock;
  readonly notes: ReadonlyMap<string, string>;
  readonly gestures: readonly Gesture[];
  readonly log: readonly LogLine[];
  /** What the application answers from now on. */
  answerWith(answer: (gesture: Gesture) => Answer | Promise<Answer>): void;
}

/** What every platform is built from, whatever else it needs. */
interface PlatformParts {
  readonly receive: Receive;
  readonly notes: Notes;
  readonly paces: Paces;
  readonly token: (intent: Intent) => string;
  readonly clock: MovableClock;
  readonly log: Log;
  readonly publicUrl: string;
}

/** The two ends of one application: a test holds `side`, the platform is built from `parts`. */
export function applicationSide(): { readonly side: ApplicationSide; readonly parts: PlatformParts } {
  const clock = movableClock();
  const notes = new Map<string, string>();
  const gestures: Gesture[] = [];
  const log: LogLine[] = [];
  let answer: (gesture: Gesture) => Answer | Promise<Answer> = () => ({ kind: "done", words: "" });
  return {
    side: {
      ...{ clock, notes, gestures, log },
      answerWith(next) {
        answer = next;
      },
    },
    parts: {
      receive: async (gesture) => {
        gestures.push(gesture);
        return answer(gesture);
      },
      notes: notesOver(notes),
      paces: pacesInMemory(),
      log: logInto(log),
      ...{ token, clock, publicUrl: CONSOLE },
    },
  };
}

/** Notes that nobody forgets. */
export function notesOver(map: Map<string, string>): Notes {
  return {
    get: async (key) => map.get(key),
    async set(key, value) {
      map.set(key, value);
    },
    async delete(key) {
      map.delete(key);
    },
    async take(key) {
      const value = map.get(key);
      map.delete(key);
      return value;
    },
    forget: async () => 0,
  };
}

function logInto(lines: LogLine[]): Log {
  const at = (level: LogLine["level"]) => (facts: LogLine["facts"], words: string) => {
    lines.push({ level, facts, words });
  };
  return { info: at("info"), warn: at("warn"), error: at("error") };
}

/** Routes on a real port, bytes handed over untouched, as Holdpoint's own server does. */
export async function serve(routes: readonly Route[]) {
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
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Values of buttons as tests read them; the real ones are sealed. */
export function token(intent: Intent): string {
  return `token.${intent.verb}.${intent.on}.${intent.revision}`;
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
