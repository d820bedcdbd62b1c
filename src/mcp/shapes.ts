/** What the tools read of Holdpoint's answers and hand on: what a model can use, and no more. */
import { z } from "zod";
import { VERDICTS } from "../domain/charter/trigger.ts";

const named = z.object({ id: z.string(), name: z.string() });

export const accepted = z.object({
  id: z.string(),
  hold: z
    .object({ id: z.string(), scope: z.string() })
    .nullable()
    .describe("What you may not do until a person has decided: agent, subject:…, capability:… or action:…"),
  owner: named.describe("Who answers for you, and is asked"),
  action_digest: z.string().nullable(),
  due_at: z.string(),
  url: z.string().describe("Where people read the request"),
});

const decision = z.object({
  verdict: z.enum(VERDICTS),
  by: named,
  at: z.string(),
  reason: z.string().optional(),
  option: z.string().optional().describe("The option they chose, of those you offered"),
  args: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("The approved arguments: exactly these, whatever you asked for"),
  response: z.string().optional().describe("Their answer in words"),
  action_digest: z.string().nullable().describe("SHA-256 of the action as approved"),
  kept_held: z.boolean().describe("They keep you held all the same"),
});

export const followed = z.object({
  id: z.string(),
  status: z.enum(["open", "decided", "expired", "withdrawn"]),
  decision: decision.nullable(),
  asked: z.array(z.object({ id: z.string() })),
  due_at: z.string(),
});
export type Followed = z.output<typeof followed>;

export const state = z.object({
  state: z.enum(["running", "held"]),
  holds: z
    .array(
      z.object({
        id: z.string(),
        scope: z.string(),
        reason: z.string(),
        placed_by: named,
        placed_at: z.string(),
        until: z.string().nullable(),
        escalation: z.string().nullable(),
      }),
    )
    .describe("What holds you back, and since when"),
  narrower: z
    .number()
    .describe("How many holds there are besides, on single subjects, capabilities or actions"),
  version: z.number(),
});
export type State = z.output<typeof state>;

export const judged = z.discriminatedUnion("verdict", [
  z.object({ verdict: z.literal("proceed"), charter_version: z.number() }),
  z.object({
    verdict: z.literal("hold"),
    charter_version: z.number(),
    rule: z.string(),
    escalation: accepted,
  }),
]);

/** Every tool says what to do next. */
export const next = z.string().describe("What to do next");

/** How a request stands, for a model: `pending` is neither a yes nor a no. */
export const standing = z.object({
  id: z.string(),
  status: z
    .enum(["pending", "decided", "expired", "withdrawn"])
    .describe("pending: nobody has decided yet, which is neither a yes nor a no"),
  decision: decision.nullable(),
  asked: followed.shape.asked.describe("Who is asked at the moment"),
  due_at: z.string(),
  next,
});
