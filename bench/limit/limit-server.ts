/**
 * The limit: bare node:http doing only what can't be left out before an escalation may be answered with 202.
 * Commits `each` request by itself, or once per `turn` of the event loop, there or on `postgres`, or nothing at all (`none`).
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { parseArgs } from "node:util";
import { requestSchema, signalRequestSchema } from "../../src/domain/escalation/request.ts";
import { readCallers } from "./callers.ts";
import { type FourRows, fourRows, type Kept } from "./four-rows.ts";
import { fourRowsOnPostgres } from "./four-rows-postgres.ts";
import { listen } from "./listen.ts";
import { callbacksTo } from "./releases.ts";

const { values } = parseArgs({
  options: {
    commit: { type: "string" },
    database: { type: "string" },
    credentials: { type: "string" },
    states: { type: "string" },
    sink: { type: "string" },
  },
});
const callers = readCallers(values.credentials ?? "");
const save = await saver(values.commit, values.database ?? "");
/** Every agent's answer to "may I act?", by its id. */
const states: Readonly<Record<string, string>> = values.states
  ? JSON.parse(readFileSync(values.states, "utf8"))
  : {};
/** Tells the agent of a decision, where there is somebody to be told. */
const tellAgent = callbacksTo(values.sink ?? "");
let count = 0;
const FOUR_HOURS = 14_400_000;

listen((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const [first] = chunks;
    answer(request, response, chunks.length === 1 && first ? first : Buffer.concat(chunks));
  });
});

function answer({ url = "", headers }: IncomingMessage, response: ServerResponse, raw: Buffer): void {
  const agent = callerOf(url, headers, raw);
  if (agent === undefined) send(response, 401, "{}");
  else if (url === "/v1/state") send(response, 200, states[agent] ?? "");
  else if (url.startsWith("/decide/")) decide(response, url.slice("/decide/".length));
  else if (url === "/v1/signals") answerSignal(response, raw.toString());
  else escalate(response, agent, raw.toString());
}

function answerSignal(response: ServerResponse, text: string): void {
  const { success } = signalRequestSchema.safeParse(JSON.parse(text));
  send(response, success ? 200 : 422, '{"verdict":"proceed","charter_version":1}');
}

function escalate(response: ServerResponse, agent: string, text: string): void {
  const { success, data } = requestSchema.safeParse(JSON.parse(text));
  if (!success) {
    send(response, 422, "{}");
    return;
  }
  const now = Date.now();
  const { trigger } = data;
  const kept: Kept = { id: newId(now), agent, trigger, now, dueAt: now + FOUR_HOURS, body: text };
  save(
    (rows) => rows.write(kept),
    () => send(response, 202, accepted(kept)),
  );
}

function decide(response: ServerResponse, id: string): void {
  const now = Date.now();
  save(
    (rows) => rows.decide(id, now),
    () => {
      send(response, 200, "{}");
      tellAgent(id, now);
    },
  );
}

function callerOf(url: string, headers: IncomingMessage["headers"], raw: Buffer): string | undefined {
  if (!url.startsWith("/v1/hooks/")) return callers.byKey(headers);
  const agent = url.slice("/v1/hooks/".length);
  return callers.signed(agent, headers, raw) ? agent : undefined;
}

/** Rising, so that indexes grow at their end. */
function newId(now: number): string {
  return `esc_${now.toString(36)}${(count++).toString(36).padStart(8, "0")}`;
}

function accepted({ id, agent, trigger, now, dueAt }: Kept): string {
  const [createdAt, due] = [new Date(now).toISOString(), new Date(dueAt).toISOString()];
  const hold = { id: `hold_${id}`, scope: "action" };
  return JSON.stringify({ id, status: "open", agent, trigger, hold, due_at: due, created_at: createdAt });
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

type Write = (rows: FourRows) => void;
type Save = (write: Write, saved: () => void) => void;

async function saver(commit: string | undefined, database: string): Promise<Save> {
  switch (commit) {
    case "each":
      return oneByOne(fourRows(database));
    case "turn":
      return together(fourRows(database));
    case "postgres":
      return onPostgres(await fourRowsOnPostgres(database));
    default:
      return (_, saved) => saved();
  }
}

function oneByOne(rows: FourRows): Save {
  return (write, saved) => {
    rows.begin();
    write(rows);
    rows.commit();
    saved();
  };
}

/** It gathers by itself what is to be committed together. */
function onPostgres(keep: Awaited<ReturnType<typeof fourRowsOnPostgres>>): Save {
  const nothing = () => {};
  return (write, saved) =>
    write({ begin: nothing, commit: nothing, decide: nothing, write: (kept) => keep(kept, saved) });
}

function together(rows: FourRows): Save {
  let waiting: { readonly write: Write; readonly saved: () => void }[] = [];
  const flush = () => {
    const group = waiting;
    waiting = [];
    rows.begin();
    for (const { write } of group) write(rows);
    rows.commit();
    for (const { saved } of group) saved();
  };
  return (write, saved) => {
    if (waiting.push({ write, saved }) === 1) setImmediate(flush);
  };
}
