/** `POST /v1/interrupts`: what a framework stopped with, asked of people; and its answer, in the framework's own shape. */
import { z } from "zod";
import type { AgentCall, AgentRoute, Conflict } from "../../application/agent-route.ts";
import type { HoldIndex, Store } from "../../application/ports.ts";
import type { Agent } from "../../domain/agent.ts";
import type { Verdict } from "../../domain/charter/trigger.ts";
import { ruleFor } from "../../domain/charter/trigger-rule.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import type { EscalationId } from "../../domain/ids.ts";
import type { Refusal } from "../../domain/refusal.ts";
import { no, type Result, yes } from "../../domain/result.ts";
import type { KeptCalls } from "../kept-calls.ts";
import { stillHeld, topicsOfRelease } from "../release.ts";
import type { Answered, Asked, Interrupt, ShapeName } from "./shape.ts";
import { interruptSchema, responseIn } from "./shapes.ts";

export interface InterruptParts {
  readonly store: Pick<Store, "escalations" | "notes">;
  readonly holds: HoldIndex;
  readonly kept: KeptCalls;
  /** What is wrong with a JSON Schema for arguments; null when a form can be made of it. */
  readonly checkArgsSchema: (schema: Readonly<Record<string, unknown>>) => string | null;
}

interface KeptInterrupt {
  readonly shape: ShapeName;
  readonly items: readonly {
    readonly escalation: EscalationId;
    readonly offers: readonly Verdict[];
    readonly repeat: Readonly<Record<string, string>>;
  }[];
}

const pending = z.object({
  id: z.string().regex(/^int_/),
  status: z.enum(["pending", "decided", "expired", "withdrawn"]),
  poll: z.string(),
  escalations: z.array(z.object({ id: z.string(), status: z.string() })),
  response: z
    .unknown()
    .optional()
    .describe("When decided: what the framework resumes with, in the shape, count and order it asked in."),
});

const waitSeconds = z
  .string()
  .regex(/^(?:[0-5]?[0-9]|60)$/, "whole seconds from 0 to 60")
  .transform(Number)
  .default(0);

const ID = /^int_[0-9A-HJKMNP-TV-Z]{26}$/i;

export function interruptRoutes(parts: InterruptParts): readonly AgentRoute[] {
  const { store, holds, kept } = parts;
  const noteOf = (agent: Agent, id: string) => `interrupts/${agent.id}/${id}`;

  async function open(call: AgentCall): ReturnType<AgentRoute["handle"]> {
    const { shape, asked } = call.body as Interrupt;
    const ready = asked.map((one) => withUsableSchema(one, parts.checkArgsSchema));
    for (const [index, one] of ready.entries()) {
      const refused = call.check(one.request) ?? notExpressible(call.agent, one, index);
      if (refused) return no(refused);
    }
    const raised = await raiseAll(call, ready);
    if (!raised.ok) return raised;
    const items = ready.map(({ offers, repeat = {} }, index) => {
      return { escalation: raised.value[index] as EscalationId, offers, repeat };
    });
    const id = String(items[0]?.escalation).replace(/^esc_/, "int_");
    const interrupt: KeptInterrupt = { shape, items };
    await store.notes.set(noteOf(call.agent, id), JSON.stringify(interrupt));
    const escalations = items.map(({ escalation }) => ({ id: escalation, status: "open" }));
    return yes({ status: 202, body: { id, status: "pending", poll: pollUrl(id), escalations } });
  }

  /** With an Idempotency-Key each part is raised once, however often the request comes, and a broken one is taken up again. */
  async function raiseAll(
    call: AgentCall,
    asked: readonly Asked[],
  ): Promise<Result<readonly EscalationId[], Refusal | Conflict>> {
    const header = call.headers["idempotency-key"];
    const key = typeof header === "string" && header !== "" ? header : undefined;
    const ids: EscalationId[] = [];
    for (const [index, { request }] of asked.entries()) {
      const place = key && { agent: call.agent.id, kind: "interrupts/parts", id: `${key}#${index}` };
      const raised = await kept.raiseOnce(call, place || undefined, request, null);
      if (!raised.ok) return raised;
      ids.push(raised.value.escalation);
    }
    return yes(ids);
  }

  async function read({ agent }: AgentCall, id: string): Promise<Reading | undefined> {
    const text = ID.test(id) ? await store.notes.get(noteOf(agent, id)) : undefined;
    if (text === undefined) return undefined;
    const { shape, items } = JSON.parse(text) as KeptInterrupt;
    const found = await Promise.all(items.map(({ escalation }) => store.escalations.find(escalation)));
    const escalations = found.filter((one) => one !== undefined);
    return { shape, items, escalations };
  }

  /** An approval waits while something else holds the agent: a graph that is resumed acts at once. */
  function standing({ escalations }: Reading): "pending" | "decided" | "expired" | "withdrawn" {
    if (escalations.some(({ status }) => status === "open")) return "pending";
    const lost = escalations.find(({ status }) => status === "expired" || status === "withdrawn");
    if (lost) return lost.status as "expired" | "withdrawn";
    const acts = escalations.filter((one) => ["approve", "edit"].includes(one.decision?.verdict ?? ""));
    return acts.some((one) => stillHeld(one, holds)) ? "pending" : "decided";
  }

  async function follow(call: AgentCall): ReturnType<AgentRoute["handle"]> {
    const id = call.params.id ?? "";
    const first = await read(call, id);
    if (!first) return no({ code: "not_found", what: "such interrupt" });
    const { wait } = call.query as { readonly wait: number };
    const topics = [...new Set(first.escalations.flatMap(topicsOfRelease))];
    const last = await call.until(
      { seconds: wait, topics },
      async () => (await read(call, id)) ?? first,
      (now) => standing(now) !== "pending",
    );
    const status = standing(last);
    const escalations = last.escalations.map((one) => ({ id: one.id, status: one.status }));
    const response = status === "decided" ? { response: responseIn(last.shape, answersOf(last)) } : {};
    return yes({ status: 200, body: { id, status, poll: pollUrl(id), escalations, ...response } });
  }

  return [
    {
      ...{ method: "POST", path: "/v1/interrupts", door: { by: "key" }, no: null },
      summary: "Ask people what a framework stopped with",
      query: z.strictObject({}),
      body: interruptSchema,
      answers: { 202: { says: "Each part is an escalation of its own, and on disk.", schema: pending } },
      handle: open,
    },
    {
      ...{ method: "GET", path: "/v1/interrupts/{id}", door: { by: "key" }, no: null },
      summary: "Follow an interrupt",
      query: z.strictObject({ wait: waitSeconds }),
      body: null,
      answers: {
        200: { says: "As it is now; with `wait`, as soon as every part is decided.", schema: pending },
      },
      handle: follow,
    },
  ];
}

interface Reading extends KeptInterrupt {
  readonly escalations: readonly Escalation[];
}

function answersOf({ items, escalations }: Reading): readonly Answered[] {
  return escalations.flatMap(({ decision, request }, index) => {
    const { offers = [], repeat = {} } = items[index] ?? {};
    const { name = "", args = {} } = request.action ?? {};
    return decision ? [{ decision, offers, repeat, action: { name, args } }] : [];
  });
}

function pollUrl(id: string): string {
  return `/v1/interrupts/${id}`;
}

/** A tool's schema that no form can be made of: the person edits JSON instead, which the tool itself checks. */
function withUsableSchema(asked: Asked, problemWith: InterruptParts["checkArgsSchema"]): Asked {
  const { args_schema, ...rest } = asked.request;
  return args_schema && problemWith(args_schema) !== null ? { ...asked, request: rest } : asked;
}

/** Somebody who may only say what the caller can't hear would hold it for ever: better to refuse at once. */
function notExpressible(agent: Agent, { request, offers }: Asked, index: number): Refusal | undefined {
  const { charter } = agent;
  const never = charter.actions.never.includes(request.action?.name ?? "");
  const allowed = ruleFor(charter, request.trigger).allow;
  const possible = never
    ? [...allowed.filter((one) => one !== "approve" && one !== "edit"), "reject"]
    : allowed;
  if (offers.some((offer) => possible.includes(offer))) return undefined;
  const detail = `The charter lets people ${possible.join(", ")} here, and interrupt ${index + 1} takes only ${offers.join(", ")}.`;
  return { code: "invalid", problems: [{ pointer: "", detail }] };
}
