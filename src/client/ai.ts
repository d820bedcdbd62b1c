/** Vercel AI SDK: tool approval requests in a conversation go to people, and their answers come back as its next message. */
import type { Holdpoint } from "./index.ts";
import { together } from "./together.ts";
import { type AskOptions, express, ruleOn, type ToolCall } from "./tool-call.ts";
import type { Args } from "./wire.ts";

export type { AskOptions } from "./tool-call.ts";

/** The part of a `ModelMessage` that is read. */
interface Message {
  readonly role: string;
  readonly content: string | readonly object[];
}

type Part = Readonly<Record<string, unknown>>;

/** The next message of the conversation. */
export interface ApprovalMessage {
  role: "tool";
  content: { type: "tool-approval-response"; approvalId: string; approved: boolean; reason?: string }[];
}

/** This SDK knows no edit: approved is what the model wrote, or nothing. */
const KNOWS = ["approve", "reject"] as const;
const OFFERED = ["approve", "reject", "respond"] as const;

/**
 * Asks people about every approval request without a response, and returns the message that answers them all; undefined where
 * there is none. The conversation itself, signatures of the requests included, stays as it is: append the answer to it.
 *
 * There is no edit in this SDK, so none is offered. With `allow` you can offer it: an edit is then a denial whose reason
 * tells the model which arguments to call the tool with, and that call is asked about again. An answer is a denial with the
 * person's words.
 *
 * Throws a `HoldpointError` where any request stays undecided.
 */
export async function answerApprovals(
  holdpoint: Holdpoint,
  messages: readonly Message[],
  options: AskOptions = {},
): Promise<ApprovalMessage | undefined> {
  const parts = messages.flatMap(({ content }) => (typeof content === "string" ? [] : content)) as Part[];
  const of = (type: string) => parts.filter((part) => part.type === type);
  const answered = new Set(of("tool-approval-response").map(({ approvalId }) => approvalId));
  const calls = new Map(of("tool-call").map((part) => [part.toolCallId, part]));
  const open = of("tool-approval-request").filter(({ approvalId }) => !answered.has(approvalId));
  if (open.length === 0) return undefined;
  const content = await together(options.signal, (signal) =>
    Promise.all(
      open.map(async ({ approvalId, toolCallId }) => {
        const call = callOf(calls.get(toolCallId));
        const ruling = await ruleOn(holdpoint, call, OFFERED, { ...options, signal });
        const said = express(ruling, call, KNOWS);
        return {
          ...{ type: "tool-approval-response" as const, approvalId: String(approvalId) },
          approved: said.as === "approve",
          ...("words" in said && { reason: said.words }),
        };
      }),
    ),
  );
  return { role: "tool", content };
}

function callOf(part: Part | undefined): ToolCall {
  if (typeof part?.toolName !== "string")
    throw new Error("An approval is asked for a tool call that is not in these messages: give all of them");
  const { toolName, toolCallId, input } = part;
  const isArgs = typeof input === "object" && input !== null && !Array.isArray(input);
  return { name: toolName, args: isArgs ? (input as Args) : { input }, id: String(toolCallId) };
}
