/** Tools around an action: may I, am I held, I have stopped, this is what became of it, something feels off. */
import { hash } from "node:crypto";
import { z } from "zod";
import { type Action, actionDigest } from "../domain/escalation/action-digest.ts";
import {
  actionSchema,
  requestSchema,
  signalRequestSchema,
  subjectKey,
  subjectSchema,
} from "../domain/escalation/request.ts";
import { type Desk, get, post } from "./api.ts";
import { escalationId, repeatKey } from "./asking-tools.ts";
import { afterRaising, afterState, afterVerdict } from "./next-words.ts";
import { accepted, judged, next, type State, state } from "./shapes.ts";
import { ASKS, READS, type Tool, tool } from "./tool.ts";

const { signal, action, text, rep } = signalRequestSchema.shape;

const checkSignal = tool({
  name: "check_signal",
  title: "Ask the charter whether this needs a person",
  description: `Ask your charter, the rules people have set for you, before you act or when you notice something: how confident you are, what a campaign has cost, what a customer wrote, what you want to do.
"proceed": no rule wants a person. "hold": a rule does, a person is being asked already (no need for request_decision), and you are held: call await_decision with escalation.id.`,
  input: z.strictObject({
    signal: signal
      .optional()
      .describe("The numbers you have: confidence (0 to 1), sentiment (-1 to 1), budget, metric"),
    subject: subjectSchema.optional().describe("Whom or what it is about"),
    action: action.describe("What you want to do: its name and its exact arguments"),
    text: text.describe("The customer's message or your draft: some rules look for phrases in it"),
    rep: rep.describe("E-mail address of the colleague in whose name you act"),
    idempotency_key: repeatKey,
  }),
  output: z.object({
    verdict: z.enum(["proceed", "hold"]),
    charter_version: z.number(),
    rule: z.string().optional().describe("The rule that wants a person"),
    escalation: accepted.optional(),
    next,
  }),
  annotations: ASKS,
  async run({ signal = {}, idempotency_key = null, ...rest }, desk) {
    const verdict = await post(desk, "/v1/signals", { ...rest, signal }, judged, idempotency_key);
    return { ...verdict, next: afterVerdict(verdict) };
  },
});

const getState = tool({
  name: "get_state",
  title: "Am I held?",
  description: `Ask whether you may act now. People can pause you at any moment, so ask before every action, and name what you are about to do: some holds cover only one subject, one capability or one action.`,
  input: z.strictObject({
    subject: subjectSchema
      .pick({ type: true, id: true })
      .optional()
      .describe("Whom or what you are about to touch"),
    action: actionSchema
      .partial({ args: true })
      .optional()
      .describe("What you are about to do; with its arguments, holds on exactly this action count too"),
  }),
  output: state.extend({ next }),
  annotations: READS,
  async run({ subject, action }, desk) {
    const now = await stateOf(desk, {
      ...(subject ? { subject: subjectKey(subject) } : {}),
      ...(action ? { capability: action.name } : {}),
      ...(action?.args ? { action: digestOf({ name: action.name, args: action.args }) } : {}),
    });
    return { ...now, next: afterState(now) };
  },
});

const confirmStopped = tool({
  name: "confirm_stopped",
  title: "Confirm that you have stopped",
  description: `Tell the person who paused you that you have really stopped. Call it once you have, with the version that get_state answered with. Without it they see "not confirmed".`,
  input: z.strictObject({ version: z.int().min(0).describe("The version from get_state") }),
  output: z.object({
    version: z.number(),
    confirmed: z.array(z.string()).describe("Ids of the holds you have confirmed by this"),
  }),
  annotations: { ...ASKS, idempotentHint: true },
  run: ({ version }, desk) =>
    post(
      desk,
      "/v1/state/ack",
      { version },
      z.object({ version: z.number(), confirmed: z.array(z.string()) }),
    ),
});

const reportOutcome = tool({
  name: "report_outcome",
  title: "Report what became of a decision",
  description: `Say whether you did what was decided, and how it went. Call it once after every decision, also when you did nothing: people learn from it which of their rules are right.`,
  input: z.strictObject({
    id: escalationId.describe("The id of the request that was decided"),
    executed: z.boolean().describe("true only when the action was really carried out"),
    detail: z.string().min(1).max(2_000).optional().describe("What happened, in a sentence or two"),
    metric: z.unknown().optional().describe("Numbers worth keeping, as JSON"),
  }),
  output: z.object({ id: z.string(), recorded: z.literal(true) }),
  annotations: ASKS,
  async run({ id, ...outcome }, desk) {
    const path = `/v1/escalations/${encodeURIComponent(id)}/outcome`;
    const { id: known } = await post(desk, path, outcome, z.object({ id: z.string() }));
    return { id: known, recorded: true as const };
  },
});

const flag = tool({
  name: "flag",
  title: "Something feels off",
  description: `Tell the people who answer for you that something feels wrong, in your own work or in what you see, even when no rule names it. You need not be sure. A grave flag (high or critical) also holds you until they have looked.`,
  input: z.strictObject({
    words: z
      .string()
      .min(1)
      .max(2_000)
      .refine((text) => text.trim() !== "", "say something: this is blank")
      .describe("What you saw, and why it bothers you"),
    severity: requestSchema.shape.severity.describe(
      "How grave it would be if you are right; left out, medium",
    ),
    subject: subjectSchema.optional().describe("Whom or what it is about"),
    idempotency_key: repeatKey,
  }),
  output: accepted.extend({ next }),
  annotations: ASKS,
  async run({ words, severity = "medium", subject, idempotency_key = null }, desk) {
    const request = {
      trigger: "flag",
      severity,
      summary: "The agent reports: something feels off",
      reason: words,
      ...(subject ? { subject } : {}),
    };
    const raised = await post(desk, "/v1/escalations", request, accepted, idempotency_key);
    return { ...raised, next: afterRaising(raised) };
  },
});

/** What holds the agent back from what it names: a subject's key, an action's name, an action's digest. */
export function stateOf(desk: Desk, about: Readonly<Record<string, string>>): Promise<State> {
  return get(desk, `/v1/state?${new URLSearchParams(about)}`, state);
}

export function digestOf(action: Action): string {
  return actionDigest(action, (text) => hash("sha256", text, "hex"));
}

export const actingTools: readonly Tool[] = [checkSignal, getState, confirmStopped, reportOutcome, flag];
