/** A whole server on a free port, over a real store in memory, the real use-cases where there are some, and a clock one moves. */
import { createHash, randomBytes } from "node:crypto";
import { createAbsenceIndex } from "../../src/application/absence-index.ts";
import { acknowledgeState } from "../../src/application/acknowledge-state.ts";
import { applyCharter } from "../../src/application/apply-charter.ts";
import { argsSchemaProblem } from "../../src/application/args-schema.ts";
import { createChanges, topicsOf } from "../../src/application/changes.ts";
import { checkSignal } from "../../src/application/check-signal.ts";
import type { Context } from "../../src/application/context.ts";
import { followEscalation } from "../../src/application/follow-escalation.ts";
import { createHoldIndex } from "../../src/application/hold-index.ts";
import { issueKey } from "../../src/application/issue-key.ts";
import { planDigests } from "../../src/application/plan-digests.ts";
import type { Store } from "../../src/application/ports.ts";
import { raiseEscalation } from "../../src/application/raise-escalation.ts";
import { verifyWebhook } from "../../src/callbacks/standard-webhooks.ts";
import { agentSchema } from "../../src/domain/charter/charter.ts";
import type { AgentId, CallbackId, HoldId, PersonId } from "../../src/domain/ids.ts";
import { pause, resume } from "../../src/domain/pause.ts";
import { directory } from "../../src/domain/people.ts";
import { no, yes } from "../../src/domain/result.ts";
import { holdView } from "../../src/domain/views.ts";
import { type HttpDoor, USUAL_LIMITS } from "../../src/http/door.ts";
import { createServer } from "../../src/http/server.ts";
import { readCron } from "../../src/schedule/cron.ts";
import { openStore } from "../../src/store/open-store.ts";
import { openApiCheck } from "../support/openapi-check.ts";

/** 2027-01-15 10:00 UTC. */
const START = Date.UTC(2027, 0, 15, 10);

export const CHARTER = {
  goal: { outcome: "More trials become customers" },
  actions: { may: ["send_email"], ask_first: ["discount"] },
  constraints: {},
  triggers: { low_confidence: { below: 0.7 } },
  review: {},
  ownership: { owner: "sarah", respond_within: { high: "90m" } },
};

export const REQUEST = {
  trigger: "low_confidence",
  summary: "Should this reply go out?",
  reason: "I am 61 % sure that the customer asks for a refund.",
  action: { name: "send_email", args: { to: "c-17" } },
} as const;

export type House = Awaited<ReturnType<typeof openHouse>>;

/** `changed`: what of the door is another; `instead`: what of its store is. */
export async function openHouse(
  changed: Partial<HttpDoor> = {},
  instead: Partial<Pick<Store, "pressure">> = {},
) {
  let now = START;
  let counter = 0;
  let broken = false;
  const clock = { now: () => now };
  const logged: { readonly facts: Readonly<Record<string, unknown>>; readonly words: string }[] = [];
  const note = (facts: Readonly<Record<string, unknown>>, words: string) =>
    void logged.push({ facts, words });
  const log = { info: note, warn: note, error: note };
  const stored = await openStore({ url: "sqlite::memory:", now: () => now });
  const store = {
    ...stored,
    ...instead,
    ping: async () => {
      if (broken) throw new Error("disk full");
      await stored.ping();
    },
    save: async (step: Parameters<typeof stored.save>[0]) => {
      if (broken) throw new Error("disk full");
      return stored.save(step);
    },
  };
  const changes = createChanges();
  store.onCommit((step) => changes.announce(topicsOf(step)));
  const holds = await createHoldIndex(store);
  const context: Context = {
    store,
    clock,
    log,
    platforms: [],
    absences: await createAbsenceIndex(store, clock),
    people: directory([{ id: "sarah" as PersonId, name: "Sarah Chen", accounts: {}, roles: [] }]),
    ids: { next: () => `01JHS${String(++counter).padStart(21, "0")}`, chance: () => 0.5 },
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
    publicUrl: "http://localhost",
    checkArgs: () => [],
  };
  const seal = {
    close: (text: string) => text,
    open: (text: string) => text,
    token: () => "",
    intent: () => undefined,
  };
  const keys = issueKey(context, seal, {
    token: () => randomBytes(32).toString("base64url"),
    signingSecret: () => `whsec_${randomBytes(32).toString("base64")}`,
  });
  const apply = applyCharter(context, planDigests(context, readCron), readCron);
  const by = { id: "operator", name: "Operator" };
  const mismatches: object[] = [];
  const replayed: string[] = [];
  const reported: object[] = [];

  const useCases: HttpDoor["useCases"] = {
    raiseEscalation: raiseEscalation(context),
    checkSignal: checkSignal(context),
    followEscalation: followEscalation(context),
    acknowledgeState: acknowledgeState(context, holds),
    applyCharter: apply,
    issueKey: ({ agent, by }) => keys.forAgent(agent, by),
    revokeKey: ({ agent, id, by }) => keys.revoke(agent, id, by),
    async withdrawEscalation({ id, agent, reason }) {
      const found = await store.escalations.find(id);
      if (!found || found.agent !== agent.id) return no({ code: "not_found", what: "such escalation" });
      if (found.status !== "open") return no({ code: "withdrawn" });
      const after = {
        ...found,
        revision: found.revision + 1,
        status: "withdrawn" as const,
        withdrawnReason: reason,
        settledAt: now,
      };
      await store.save({ escalation: { before: found.revision, after }, audit: [] });
      return yes({ body: { id, status: "withdrawn" } });
    },
    async reportOutcome({ id, agent, outcome }) {
      const found = await store.escalations.find(id);
      if (!found || found.agent !== agent.id) return no({ code: "not_found", what: "such escalation" });
      reported.push(outcome);
      return yes({ body: { id } });
    },
    async placeHold({ agent, reason, by, for: ms }) {
      const found = (await store.agents.find(agent)) ?? null;
      if (!found && agent !== "all") return no({ code: "not_found", what: "such agent" });
      const id = `hold_${context.ids.next()}` as HoldId;
      const actor = { kind: "person" as const, ...by };
      const scope = found ? ({ kind: "agent" } as const) : ({ kind: "fleet" } as const);
      const until = ms === undefined ? null : now + ms;
      const { hold, step } = pause({
        id,
        agent: found?.id ?? null,
        agents: [],
        scope,
        by,
        actor,
        reason,
        until,
        now,
        newId: context.ids.next,
      });
      await store.save(step);
      return yes({ body: holdView(hold) });
    },
    async releaseHold({ agent, id, by }) {
      const hold = await store.holds.find(id);
      if (!hold || hold.releasedAt !== null || hold.agent !== agent)
        return no({ code: "not_found", what: "such active hold" });
      const actor = { kind: "person" as const, ...by };
      await store.save(resume([hold], { agents: [], by, actor, now, newId: context.ids.next }));
      return yes({ body: { id } });
    },
    async replayCallback({ id }) {
      if (id !== "cb_1") return no({ code: "not_found", what: "such callback" });
      replayed.push(id);
      return yes({ body: { id: id as CallbackId } });
    },
  };

  const door: HttpDoor = {
    ...{ useCases, store, holds, changes, clock, log },
    verifyWebhook: (headers, rawBody, secrets) => verifyWebhook({ headers, rawBody, secrets, nowMs: now }),
    signingSecrets: async (agent) => (await store.keys.of(agent)).flatMap((key) => key.signingSecret ?? []),
    checkCallbackUrl: (text) => (text.startsWith("https://") ? null : "It must start with https://."),
    checkArgsSchema: argsSchemaProblem,
    noteMismatch: async (facts) => void mismatches.push(facts),
    workerAlive: () => true,
    flaws: () => [],
    routes: [],
    agentRoutes: [],
    plugins: [],
    limits: USUAL_LIMITS,
    version: "0.0.0",
    ...changed,
  };
  const server = await createServer(door);
  const url = await server.listen("127.0.0.1", 0);

  const check = await openApiCheck(url);

  const newAgent = async (id: string) => {
    await apply({ settings: agentSchema.parse({ id, charter: CHARTER }), by });
    const issued = await keys.forAgent(id as AgentId, by);
    if (!issued.ok) throw new Error("no key was issued");
    return {
      id: id as AgentId,
      key: issued.value.key,
      keyId: issued.value.id,
      secret: issued.value.signing_secret,
    };
  };
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  await keys.forAdmin(adminKey);
  const agent = await newAgent("trial-nurture");

  /** JSON in, JSON out. `key` null: no Authorization at all. */
  const call = async (
    method: string,
    path: string,
    options: {
      readonly key?: string | null;
      readonly body?: unknown;
      readonly headers?: Record<string, string>;
    } = {},
  ) => {
    const { key = agent.key, body, headers = {} } = options;
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const contentType = response.headers.get("content-type");
    const wrong = check({ method, path, status: response.status, contentType, body: text });
    if (wrong.length > 0) throw new Error(`not as /openapi.json has it: ${wrong.join("; ")}`);
    const type = response.headers.get("content-type") ?? "";
    const json =
      type.includes("json") && !type.includes("jsonl") && text !== "" ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  };

  return {
    ...{ server, url, door, store, agent, adminKey, call, newAgent, logged, mismatches, replayed, reported },
    move: (ms: number) => {
      now += ms;
    },
    now: () => now,
    /** From now on nothing can be written. */
    breakStore: () => {
      broken = true;
    },
    close: async () => {
      await server.close();
      await store.close();
    },
  };
}
