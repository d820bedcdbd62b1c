/** HumanLayer's human contact: a question as it comes in, and the same with its answer as it goes out. */
import { z } from "zod";
import type { Decision, Escalation } from "../../domain/escalation/escalation.ts";
import { rfc3339 } from "../../domain/time/time.ts";
import { cut, firstLine, inParts, reasonAndRest } from "../texts.ts";
import { aboutChannel, channelSchema } from "./channel.ts";
import { asOptions, optionsSchema, saidBy } from "./options.ts";

export const humanContactSchema = z.object({
  run_id: z.string().max(200),
  call_id: z.string().min(1).max(200),
  spec: z.object({
    msg: z.string().refine((text) => text.trim() !== "", "ask something: this is blank"),
    subject: z.string().max(1_000).nullish(),
    channel: channelSchema,
    response_options: optionsSchema,
    state: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export type HumanContact = z.output<typeof humanContactSchema>;

/** What the answer needs that the escalation does not hold. */
export function keptOf({ run_id, call_id, spec }: HumanContact) {
  const { msg, subject, channel, response_options } = spec;
  return { run_id, call_id, msg, subject, channel, response_options };
}
type KeptFacts = ReturnType<typeof keptOf>;

/** The question is its own subject: waiting for its answer stops nothing else the agent does. */
export function asRequest({ run_id, call_id, spec }: HumanContact) {
  const { reason, context } = reasonAndRest(spec.msg, "The whole question");
  return {
    trigger: "question" as const,
    summary: spec.subject?.trim() ? cut(spec.subject.trim(), 300) : firstLine(spec.msg, "A question"),
    reason,
    subject: { type: "question", id: call_id },
    allow: ["respond" as const],
    ...asOptions(spec.response_options),
    context: [...context, ...inParts(run_id, "Run"), ...aboutChannel(spec.channel)],
    ...(spec.state ? { state: spec.state } : {}),
  };
}

const status = z.object({
  requested_at: z.string(),
  responded_at: z.string().nullable(),
  /** Null while nobody has answered, and never empty: to the clients an empty answer is none. */
  response: z.string().min(1).nullable(),
  response_option_name: z.string().nullable(),
});

export const answeredHumanContact = z.object({
  run_id: z.string(),
  call_id: z.string(),
  spec: z.object({
    msg: z.string(),
    subject: z.string().nullable(),
    channel: z.unknown(),
    response_options: z.unknown(),
    state: z.record(z.string(), z.unknown()).nullable(),
  }),
  status,
});

export function humanContactView(escalation: Escalation, kept: KeptFacts) {
  return {
    run_id: kept.run_id,
    call_id: kept.call_id,
    spec: {
      msg: kept.msg,
      subject: kept.subject ?? null,
      channel: kept.channel ?? null,
      response_options: kept.response_options ?? null,
      state: escalation.request.state ?? null,
    },
    status: statusOf(escalation, kept),
  };
}

/** An expiry is nobody's answer, so the client goes on waiting. */
function statusOf(escalation: Escalation, kept: KeptFacts): z.output<typeof status> {
  const { decision, createdAt, settledAt } = escalation;
  const pending = {
    requested_at: rfc3339(createdAt),
    responded_at: null,
    response: null,
    response_option_name: null,
  };
  if (escalation.status === "withdrawn") {
    const response = "The agent has withdrawn this question.";
    return { ...pending, responded_at: rfc3339(settledAt ?? createdAt), response };
  }
  if (!decision) return pending;
  return {
    ...pending,
    responded_at: rfc3339(decision.at),
    response: answer(decision, kept),
    response_option_name: decision.option ?? null,
  };
}

function answer({ verdict, by, response, reason, option }: Decision, kept: KeptFacts): string {
  const said = response || saidBy(kept.response_options, option);
  if (said) return said;
  const why = reason ? `: ${reason}` : ".";
  return verdict === "dismiss"
    ? `${by.name} dismissed this question without an answer${why}`
    : `${by.name} did not answer this question${why}`;
}
