/** HumanLayer's function call: a request for approval as it comes in, and the same with its status as it goes out. */
import { z } from "zod";
import type { Decision, Escalation } from "../../domain/escalation/escalation.ts";
import { rfc3339 } from "../../domain/time/time.ts";
import { inParts } from "../texts.ts";
import { aboutChannel, channelSchema } from "./channel.ts";
import { asOptions, optionsSchema, saidBy } from "./options.ts";

/** Absent and null are the same: the TypeScript client leaves out what the Python client sends as null. */
export const functionCallSchema = z.object({
  run_id: z.string().max(200),
  call_id: z.string().min(1).max(200),
  spec: z.object({
    fn: z.string().min(1).max(100),
    kwargs: z.record(z.string(), z.unknown()).nullish(),
    channel: channelSchema,
    reject_options: optionsSchema,
    state: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export type FunctionCall = z.output<typeof functionCallSchema>;

/** What the answer needs that the escalation does not hold. */
export function keptOf({ run_id, call_id, spec: { channel, reject_options } }: FunctionCall) {
  return { run_id, call_id, channel, reject_options };
}
type KeptFacts = ReturnType<typeof keptOf>;

/** No edit is offered: the client runs its function with the arguments it has, whatever a person would change. */
export function asRequest({ run_id, spec }: FunctionCall) {
  return {
    trigger: "approval_required" as const,
    summary: `Call ${spec.fn}?`,
    reason: "The agent asks for approval before it calls this function.",
    action: { name: spec.fn, args: spec.kwargs ?? {} },
    allow: ["approve" as const, "reject" as const],
    ...asOptions(spec.reject_options),
    context: [...inParts(run_id, "Run"), ...aboutChannel(spec.channel)],
    ...(spec.state ? { state: spec.state } : {}),
  };
}

const status = z.object({
  requested_at: z.string(),
  responded_at: z.string().nullable(),
  approved: z.boolean().nullable(),
  comment: z.string().nullable(),
  reject_option_name: z.string().nullable(),
});

export const answeredFunctionCall = z.object({
  run_id: z.string(),
  call_id: z.string(),
  spec: z.object({
    fn: z.string(),
    kwargs: z.record(z.string(), z.unknown()),
    channel: z.unknown(),
    reject_options: z.unknown(),
    state: z.record(z.string(), z.unknown()).nullable(),
  }),
  status,
});

/** `held`: something else stops the agent, so an approval is not told yet. */
export function functionCallView(escalation: Escalation, kept: KeptFacts, held: boolean) {
  const { request } = escalation;
  return {
    run_id: kept.run_id,
    call_id: kept.call_id,
    spec: {
      fn: request.action?.name ?? "",
      kwargs: request.action?.args ?? {},
      channel: kept.channel ?? null,
      reject_options: kept.reject_options ?? null,
      state: request.state ?? null,
    },
    status: statusOf(escalation, kept, held),
  };
}

function statusOf(escalation: Escalation, kept: KeptFacts, held: boolean): z.output<typeof status> {
  const pending = {
    requested_at: rfc3339(escalation.createdAt),
    responded_at: null,
    approved: null,
    comment: null,
    reject_option_name: null,
  };
  const { decision } = escalation;
  switch (escalation.status) {
    case "open":
      return pending;
    case "expired":
      // Nobody said no. The client knows no other word than approved and denied, so for it the wait goes on.
      return { ...pending, comment: "Nobody has decided in time. This call stays held." };
    case "withdrawn": {
      const responded_at = rfc3339(escalation.settledAt ?? escalation.createdAt);
      const comment = "The agent has withdrawn this request.";
      return { ...pending, responded_at, approved: false, comment };
    }
    case "decided": {
      if (!decision) return pending;
      if (decision.verdict === "approve" && held) {
        return {
          ...pending,
          comment: "This is approved, and the agent is held. It runs once it is resumed.",
        };
      }
      return {
        ...pending,
        responded_at: rfc3339(decision.at),
        approved: decision.verdict === "approve",
        comment: commentOn(decision, kept),
        reject_option_name: decision.verdict === "reject" ? (decision.option ?? null) : null,
      };
    }
  }
}

/** The Python client throws for a denial without a comment. */
function commentOn(
  { verdict, by, reason, response, option, args }: Decision,
  kept: KeptFacts,
): string | null {
  switch (verdict) {
    case "approve":
      return reason ?? null;
    case "reject":
      return reason ?? saidBy(kept.reject_options, option) ?? `${by.name} rejected this.`;
    case "edit":
      return `${by.name} approves this with other arguments only, which this client can't take over: ask again with ${JSON.stringify(args)}.`;
    case "respond":
      return response ?? option ?? `${by.name} answered without approving.`;
    case "dismiss":
      return reason ?? `${by.name} dismissed this without approving.`;
  }
}
