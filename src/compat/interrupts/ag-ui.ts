/** AG-UI's interrupts, as a run ends with them: answered by what the next run takes as `resume`. */
import { z } from "zod";
import { firstLine, reasonAndRest } from "../texts.ts";
import { type Answered, type Asked, type Interrupt, wordsOf } from "./shape.ts";

const interrupt = z.object({
  id: z.string().min(1).max(200),
  reason: z.string().max(100),
  message: z.string().nullish(),
  toolCallId: z.string().max(200).nullish(),
  responseSchema: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

const interrupts = z.array(interrupt).min(1).max(50);

/** The whole `RUN_FINISHED` event, or the interrupts out of it. */
export const agUiInterrupts: z.ZodType<Interrupt> = z
  .union([
    z
      .object({ outcome: z.object({ type: z.literal("interrupt"), interrupts }) })
      .transform(({ outcome }) => outcome.interrupts),
    z.object({ interrupts }).transform((event) => event.interrupts),
  ])
  .transform((all) => ({ shape: "ag_ui", asked: all.map(asked) }));

/** With a schema the person fills in its form, which is our edit; without one they say yes, no, or something in words. */
function asked({ id, reason: kind, message, responseSchema, metadata }: z.output<typeof interrupt>): Asked {
  const { reason, context } = reasonAndRest(message?.trim() || kind, "The whole message");
  const offers = responseSchema ? (["edit", "reject"] as const) : (["approve", "reject", "respond"] as const);
  return {
    offers,
    repeat: { interruptId: id },
    request: {
      trigger: "approval_required",
      summary: firstLine(message ?? "", kind),
      ...{ reason, context, allow: [...offers] },
      action: { name: kind, args: responseSchema ? {} : (metadata ?? {}) },
      ...(responseSchema ? { args_schema: responseSchema } : {}),
    },
  };
}

/** A rejection cancels what was interrupted; `payload` is the form, or whether it was approved and what was said. */
export function agUiResume({ decision, repeat }: Answered) {
  const { verdict } = decision;
  const { interruptId } = repeat;
  if (verdict === "reject" || verdict === "dismiss") {
    return { interruptId, status: "cancelled", payload: { message: wordsOf(decision) } };
  }
  const payload =
    verdict === "edit"
      ? (decision.args ?? {})
      : verdict === "approve"
        ? { approved: true }
        : { message: wordsOf(decision) };
  return { interruptId, status: "resolved", payload };
}
