/** LangGraph's HumanInterrupt, as the Agent Inbox knows it: one or several, answered by an array of HumanResponse. */
import { z } from "zod";
import type { Verdict } from "../../domain/charter/trigger.ts";
import { firstLine, reasonAndRest } from "../texts.ts";
import { type Answered, type Asked, type Interrupt, wordsOf } from "./shape.ts";

const humanInterrupt = z.object({
  action_request: z.object({ action: z.string(), args: z.record(z.string(), z.unknown()).nullish() }),
  config: z
    .object({
      allow_ignore: z.boolean().nullish(),
      allow_respond: z.boolean().nullish(),
      allow_edit: z.boolean().nullish(),
      allow_accept: z.boolean().nullish(),
    })
    .refine((config) => Object.values(config).includes(true), "allow at least one kind of answer"),
  description: z.string().nullish(),
});

export const humanInterrupts: z.ZodType<Interrupt> = z
  .union([z.array(humanInterrupt).min(1).max(50), humanInterrupt.transform((one) => [one])])
  .transform((all) => ({ shape: "human_interrupt", asked: all.map(asked) }));

function asked({
  action_request: { action, args },
  config,
  description,
}: z.output<typeof humanInterrupt>): Asked {
  const offers: Verdict[] = [
    ...(config.allow_accept ? (["approve"] as const) : []),
    ...(config.allow_edit ? (["edit"] as const) : []),
    ...(config.allow_respond ? (["respond"] as const) : []),
    ...(config.allow_ignore ? (["dismiss"] as const) : []),
    // There is no word for no: it is told as a response where one is allowed, else as "ignore".
    ...(config.allow_respond || config.allow_ignore ? (["reject"] as const) : []),
  ];
  const says = description?.trim() || "The graph asks a person before it goes on.";
  const { reason, context } = reasonAndRest(says, "The whole description");
  return {
    offers,
    request: {
      trigger: offers.includes("approve") || offers.includes("edit") ? "approval_required" : "question",
      summary: firstLine(description ?? "", `Run ${action}?`),
      ...{ reason, context, allow: offers },
      action: { name: action, args: args ?? {} },
    },
  };
}

export interface HumanResponse {
  readonly type: "accept" | "ignore" | "response" | "edit";
  readonly args:
    | null
    | string
    | { readonly action: string; readonly args: Readonly<Record<string, unknown>> };
}

export function humanResponse({ decision, offers, action }: Answered): HumanResponse {
  const actionRequest = { action: action.name, args: decision.args ?? action.args };
  switch (decision.verdict) {
    case "approve":
      return { type: "accept", args: actionRequest };
    case "edit":
      return { type: "edit", args: actionRequest };
    case "respond":
      return { type: "response", args: wordsOf(decision) };
    case "dismiss":
      return { type: "ignore", args: null };
    case "reject":
      return offers.includes("respond")
        ? { type: "response", args: `Rejected by ${decision.by.name}: ${wordsOf(decision)}` }
        : { type: "ignore", args: null };
  }
}
