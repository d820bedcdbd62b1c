/** What an administrator reads and repairs: all escalations, the audit trail, callbacks that nobody took. */
import { Readable } from "node:stream";
import { z } from "zod";
import type { AuditTrail } from "../application/ports.ts";
import type { SealedLine } from "../domain/audit.ts";
import type { Callback } from "../domain/delivery/callback.ts";
import type { CallbackId } from "../domain/ids.ts";
import { rfc3339 } from "../domain/time/time.ts";
import { json, text } from "./answer.ts";
import { anything, auditLine, callbackList, escalationPage } from "./answer-schemas.ts";
import type { HttpDoor } from "./door.ts";
import { type Endpoint, endpoint, NO_BODY, NO_QUERY } from "./endpoint.ts";
import { refused } from "./problem.ts";
import { agentFilter, escalationCursor, pageLimit, plainIdIn } from "./query.ts";

/** Lines read at a time: the trail may be longer than memory. */
const AUDIT_PAGE = 500;

export function oversightEndpoints(door: HttpDoor): readonly Endpoint[] {
  const { useCases, store } = door;
  const admin = { who: "admin", query: NO_QUERY, body: NO_BODY, keepsAnswers: false } as const;
  return [
    endpoint({
      ...admin,
      method: "GET",
      path: "/v1/escalations",
      summary: "List escalations",
      query: z.strictObject({
        status: z.enum(["open", "decided", "expired", "withdrawn"]).optional(),
        agent: agentFilter,
        cursor: escalationCursor,
        limit: pageLimit,
      }),
      answers: {
        200: { says: "Newest first; `next_cursor` is null on the last page.", schema: escalationPage },
      },
      async handle({ query: { status, agent, cursor, limit } }) {
        // One more than asked for tells whether there is another page.
        const rows = await store.escalations.page({
          limit: limit + 1,
          ...(status && { status }),
          ...(agent && { agent }),
          ...(cursor && { cursor }),
        });
        const page = rows.slice(0, limit);
        const seen = await Promise.all(page.map(({ id }) => useCases.followEscalation({ id, agent: null })));
        return json(200, {
          escalations: seen.flatMap((found) => (found.ok ? [found.value.body] : [])),
          next_cursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
        });
      },
    }),
    endpoint({
      ...admin,
      method: "GET",
      path: "/v1/audit",
      summary: "Read the audit trail",
      query: z.strictObject({
        after: z
          .string()
          .regex(/^\d{1,15}$/, "the seq of the last line you have")
          .transform(Number)
          .default(0),
      }),
      answers: {
        200: {
          says: "One JSON object per line, oldest first, each sealed to the one before.",
          schema: auditLine,
          type: "application/jsonl",
        },
      },
      handle: ({ query }) =>
        text("application/jsonl; charset=utf-8", Readable.from(auditLines(store.audit, query.after))),
    }),
    endpoint({
      ...admin,
      method: "GET",
      path: "/v1/callbacks",
      summary: "List callbacks by state",
      query: z.strictObject({
        state: z.enum(["pending", "delivered", "dead"]).default("dead"),
        limit: pageLimit,
      }),
      answers: { 200: { says: "Callbacks, without their bodies.", schema: callbackList } },
      async handle({ query }) {
        const callbacks = await store.callbacks.inState(query.state, query.limit);
        return json(200, { callbacks: callbacks.map(callbackView) });
      },
    }),
    endpoint({
      ...admin,
      method: "POST",
      path: "/v1/callbacks/{id}/replay",
      summary: "Deliver a callback again",
      answers: { 202: { says: "It is due now, with the same id and body.", schema: anything } },
      async handle({ caller, params }) {
        const id = plainIdIn(params, "such callback") as CallbackId;
        const replayed = await useCases.replayCallback({ id, by: caller.by });
        if (!replayed.ok) throw refused(replayed.no);
        return json(202, replayed.value.body);
      },
    }),
  ];
}

async function* auditLines(trail: AuditTrail, after: number): AsyncGenerator<string> {
  for (let seq = after; ; ) {
    const page = await trail.after(seq, AUDIT_PAGE);
    const last = page.at(-1);
    if (!last) return;
    yield page.map((line) => `${JSON.stringify(auditView(line))}\n`).join("");
    if (page.length < AUDIT_PAGE) return;
    seq = last.seq;
  }
}

function auditView({ seq, at, hash, ...line }: SealedLine) {
  return { seq, at: rfc3339(at), ...line, hash };
}

function callbackView(callback: Callback) {
  return {
    id: callback.id,
    agent: callback.agent,
    escalation: callback.escalation,
    type: callback.type,
    url: callback.url,
    state: callback.state,
    attempts: callback.attempts,
    last_error: callback.lastError,
    created_at: rfc3339(callback.createdAt),
    delivered_at: callback.deliveredAt === null ? null : rfc3339(callback.deliveredAt),
  };
}
