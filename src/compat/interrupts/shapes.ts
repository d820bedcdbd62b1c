/** Every shape of interrupt this build knows: how it is recognised, and how its answer is put together. */
import { z } from "zod";
import { a2aMessage, a2aTask } from "./a2a-task.ts";
import { agUiInterrupts, agUiResume } from "./ag-ui.ts";
import { camelRequest, hitlDecision, snakeRequest, toolApproval } from "./hitl-request.ts";
import { humanInterrupts, humanResponse } from "./human-interrupt.ts";
import type { Answered, Interrupt, ShapeName } from "./shape.ts";

/** The member by which each shape is told from the others, in the order of asking. */
const KNOWN_BY: readonly (readonly [member: string, schema: z.ZodType<Interrupt>])[] = [
  ["action_request", humanInterrupts],
  ["action_requests", snakeRequest],
  ["actionRequests", camelRequest],
  ["tool_call_id", toolApproval],
  ["outcome", agUiInterrupts],
  ["interrupts", agUiInterrupts],
  ["status", a2aTask],
];

/** Any of them, by itself or as the `value` of a LangGraph interrupt. */
export const interruptSchema = z
  .unknown()
  .meta({
    description:
      "HumanInterrupt or an array of it, HITLRequest (snake_case or camelCase), ToolApprovalRequest, a LangGraph Interrupt around one of these, AG-UI interrupts, or an A2A task that wants input.",
  })
  .transform((body, context): Interrupt => {
    const value = isObject(body) && "value" in body ? body.value : body;
    const first: unknown = Array.isArray(value) ? value[0] : value;
    const found = isObject(first) ? KNOWN_BY.find(([member]) => member in first) : undefined;
    const byType = isObject(first) && first.type === "tool_approval" ? toolApproval : undefined;
    const schema = byType ?? found?.[1];
    if (!schema) {
      context.addIssue("this is no interrupt that is known here: /docs lists the shapes");
      return z.NEVER;
    }
    const read = schema.safeParse(value);
    if (read.success) return read.data;
    for (const { path, message } of read.error.issues) {
      context.addIssue({ code: "custom", path: [...path], message });
    }
    return z.NEVER;
  });

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What the caller hands to its framework, in the caller's own shape, count and order. */
export function responseIn(shape: ShapeName, answered: readonly Answered[]): unknown {
  switch (shape) {
    case "human_interrupt":
      return answered.map(humanResponse);
    case "hitl_request":
      return { decisions: answered.map((one) => hitlDecision(one, "edited_action")) };
    case "hitlRequest":
      return { decisions: answered.map((one) => hitlDecision(one, "editedAction")) };
    case "tool_approval":
      return answered.map((one) => hitlDecision(one, "edited_action"))[0];
    case "ag_ui":
      return { resume: answered.map(agUiResume) };
    case "a2a_task":
      return answered.map(a2aMessage)[0];
  }
}
