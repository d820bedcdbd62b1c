/** An A2A task that wants input, of protocol 1.0 or 0.3: answered by the message that sends it on. */
import { z } from "zod";
import { firstLine, reasonAndRest } from "../texts.ts";
import { type Answered, type Interrupt, wordsOf } from "./shape.ts";

/** 1.0 writes `{text}`, 0.3 writes `{kind: "text", text}`; parts of other kinds are not for people. */
const part = z.object({ text: z.string().nullish() });

export const a2aTask: z.ZodType<Interrupt> = z
  .object({
    id: z.string().min(1).max(200),
    contextId: z.string().max(200).nullish(),
    status: z.object({
      state: z.enum(["TASK_STATE_INPUT_REQUIRED", "input-required"]),
      message: z.object({ parts: z.array(part).max(100) }).nullish(),
    }),
  })
  .transform(({ id, contextId, status: { state, message } }): Interrupt => {
    const text = (message?.parts ?? []).flatMap((one) => one.text ?? []).join("\n");
    const { reason, context } = reasonAndRest(text.trim() || "The task wants input.", "The whole message");
    const offers = ["respond"] as const;
    return {
      shape: "a2a_task",
      asked: [
        {
          offers,
          repeat: {
            taskId: id,
            contextId: contextId ?? "",
            version: state === "input-required" ? "0.3" : "1.0",
          },
          request: {
            trigger: "question",
            summary: firstLine(text, "A task wants input"),
            ...{ reason, context, allow: [...offers] },
            subject: { type: "task", id },
          },
        },
      ],
    };
  });

/** `messageId` is made of the decision, so that sending it twice is sending it once. */
export function a2aMessage({ decision, repeat: { taskId, contextId, version } }: Answered) {
  const old = version === "0.3";
  const text = wordsOf(decision);
  return {
    message: {
      messageId: `${taskId}-${decision.at}`,
      taskId,
      ...(contextId ? { contextId } : {}),
      role: old ? "user" : "ROLE_USER",
      parts: [old ? { kind: "text", text } : { text }],
      ...(old ? { kind: "message" } : {}),
    },
  };
}
