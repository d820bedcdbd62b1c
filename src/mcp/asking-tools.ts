/** Tools that ask people: for a decision, for an answer; and the one that waits for what they say. */
import { z } from "zod";
import { requestSchema } from "../domain/escalation/request.ts";
import { post } from "./api.ts";
import { afterLooking, afterRaising } from "./next-words.ts";
import { accepted, type Followed, next, standing } from "./shapes.ts";
import { ASKS, READS, type Tool, tool } from "./tool.ts";
import { LONGEST_WAIT, untilSettled } from "./wait.ts";

/** What a request may say, as the API has it. An MCP client has no address to call back and needs no state returned. */
const { callback_url: _, state: __, ...asked } = requestSchema.shape;

export const repeatKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, "1 to 200 printable ASCII characters")
  .optional()
  .describe(
    "Any text of your choice. Send the same one when you repeat the same call after an error, so that nobody is asked twice.",
  );

export const escalationId = z.string().min(1).max(64);

const waitSeconds = z.int().min(0).max(LONGEST_WAIT).optional();

const requestDecision = tool({
  name: "request_decision",
  title: "Ask a person for a decision",
  description: `Ask the people who answer for you to decide about something before you do it. Use it when your instructions want a person to decide, when you are unsure, when a customer asks for a human, or when something looks wrong.
Put the action you want to take, with the exact arguments, into "action": what they approve is what you may do, and nothing else.
Answers at once with an id, and usually places a hold on you: until a person has decided, do not do it. Then call await_decision.`,
  input: z.strictObject({
    ...asked,
    trigger: asked.trigger
      .optional()
      .describe(
        "Why you stop. Usually approval_required, which it is when left out; low_confidence when unsure",
      ),
    summary: asked.summary.describe("What this is, in one line. People see it first"),
    reason: asked.reason.describe("Why you stopped and ask, in your own words"),
    signal: asked.signal.describe("The numbers behind the trigger, such as how confident you are (0 to 1)"),
    subject: asked.subject.describe("Whom or what it is about, such as a contact, an account or a campaign"),
    action: asked.action.describe("What you will do if they approve: its name and its exact arguments"),
    allow: asked.allow.describe("Which verdicts they may give; left out, the usual ones for the trigger"),
    args_schema: asked.args_schema.describe(
      "JSON Schema of action.args, so that people can correct them in a form",
    ),
    options: asked.options.describe("Named answers or reasons to choose from"),
    context: asked.context.describe("What they need to know to decide, as labelled facts"),
    transcript: asked.transcript.describe("The conversation so far, where there is one"),
    rep: asked.rep.describe("E-mail address of the colleague in whose name you act"),
    requested_by: asked.requested_by.describe("Who asked you for this: they may stop it and not approve it"),
    group: asked.group.describe("The same text for requests that belong together"),
    respond_within: asked.respond_within.describe(
      "Such as 15m or 4h: when you need it, if sooner than usual",
    ),
    idempotency_key: repeatKey,
  }),
  output: accepted.extend({ next }),
  annotations: ASKS,
  async run({ trigger = "approval_required", idempotency_key = null, ...request }, desk) {
    const raised = await post(desk, "/v1/escalations", { ...request, trigger }, accepted, idempotency_key);
    return { ...raised, next: afterRaising(raised) };
  },
});

const awaitDecision = tool({
  name: "await_decision",
  title: "Wait for a person's decision",
  description: `Wait for what people say about a request, for at most ${LONGEST_WAIT} seconds; answers as soon as they have decided.
"pending" means that nobody has decided yet. It is not a no, and it is never a yes: call again, or do something else meanwhile and come back.`,
  input: z.strictObject({
    id: escalationId.describe("The id that request_decision, ask_human, check_signal or flag answered with"),
    wait: waitSeconds.describe(`Seconds to wait, 0 to ${LONGEST_WAIT}; left out, 30`),
  }),
  output: standing,
  annotations: READS,
  run: async ({ id, wait = 30 }, desk) => standingOf(await untilSettled(desk, id, wait)),
});

const askHuman = tool({
  name: "ask_human",
  title: "Ask a person a question",
  description: `Ask the people who answer for you a question that only they can answer, and wait a little for the answer.
If nobody has answered yet, "status" is "pending": call await_decision with the id. Do not guess the answer meanwhile.
It asks for words, not for permission: to have an action approved, use request_decision.`,
  input: z.strictObject({
    question: z
      .string()
      .min(1)
      .max(2_000)
      .refine((text) => text.trim() !== "", "ask something: this is blank")
      .describe("The question, with everything somebody needs who has not seen your work"),
    subject: asked.subject.describe(
      "Whom or what it is about: you are held on this while nobody has answered",
    ),
    options: asked.options.describe("Answers to choose from, where there are only a few"),
    context: asked.context.describe("What they need to know to answer, as labelled facts"),
    wait: waitSeconds.describe(`Seconds to wait for an answer, 0 to ${LONGEST_WAIT}; left out, 30`),
    idempotency_key: repeatKey,
  }),
  output: standing.extend({
    answer: z
      .string()
      .nullable()
      .describe("Their words, or the option they chose; null while there are none"),
  }),
  annotations: ASKS,
  async run({ question, wait = 30, idempotency_key = null, ...about }, desk) {
    const request = { ...about, trigger: "question", summary: oneLine(question), reason: question };
    const raised = await post(desk, "/v1/escalations", request, accepted, idempotency_key);
    // The question is out: whatever goes wrong with waiting for the answer, its id must not be lost.
    const now = await untilSettled(desk, raised.id, wait).catch(() => notAnswered(raised));
    return { ...standingOf(now), answer: now.decision?.response ?? now.decision?.option ?? null };
  },
});

function notAnswered({ id, due_at }: { readonly id: string; readonly due_at: string }): Followed {
  return { id, due_at, status: "open", decision: null, asked: [] };
}

function standingOf(request: Followed) {
  const { status, ...rest } = request;
  return { ...rest, status: status === "open" ? ("pending" as const) : status, next: afterLooking(request) };
}

/** The longest summary the API takes; the whole question is in the reason. */
const SUMMARY_LENGTH = 300;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length <= SUMMARY_LENGTH ? line : `${line.slice(0, SUMMARY_LENGTH - 1).toWellFormed()}…`;
}

export const askingTools: readonly Tool[] = [requestDecision, awaitDecision, askHuman];
