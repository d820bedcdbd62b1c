/** OpenAI Agents SDK: tool calls that wait for approval go to people, and the run's state takes their decisions. */
import type { Holdpoint } from "./index.ts";
import { together } from "./together.ts";
import { type AskOptions, express, ruleOn, type ToolCall } from "./tool-call.ts";
import type { Args } from "./wire.ts";

export type { AskOptions } from "./tool-call.ts";

/** The part of a `RunToolApprovalItem` that is read. */
interface ApprovalItem {
  readonly name?: string | undefined;
  readonly arguments?: string | undefined;
  readonly rawItem: object;
}

interface Approvals<Item> {
  approve(item: Item): void;
  reject(item: Item, options: { message: string }): void;
}

/** This SDK knows no edit: approved is what the model wrote, or nothing. */
const KNOWS = ["approve", "reject"] as const;
const OFFERED = ["approve", "reject", "respond"] as const;

/**
 * Asks people about everything a run was interrupted for, and returns its state to be run on: `run(agent, state)`.
 *
 * There is no edit in this SDK, so none is offered. With `allow` you can offer it: an edit is then a rejection whose message
 * tells the model which arguments to call the tool with, and that call is asked about again. An answer is a rejection with
 * the person's words.
 *
 * Throws a `HoldpointError` where any call stays undecided; the state is untouched then.
 */
export async function decideInterruptions<Item extends ApprovalItem, State extends Approvals<Item>>(
  holdpoint: Holdpoint,
  { interruptions, state }: { readonly interruptions: readonly Item[]; readonly state: State },
  options: AskOptions = {},
): Promise<State> {
  const decided = await together(options.signal, (signal) =>
    Promise.all(
      interruptions.map(async (item) => {
        const call = callOf(item);
        const ruling = await ruleOn(holdpoint, call, OFFERED, { ...options, signal });
        return { item, said: express(ruling, call, KNOWS) };
      }),
    ),
  );
  for (const { item, said } of decided) {
    if (said.as === "approve") state.approve(item);
    else if (said.as !== "edit") state.reject(item, { message: said.words });
  }
  return state;
}

function callOf(item: ApprovalItem): ToolCall {
  const raw = item.rawItem as Readonly<Record<string, unknown>>;
  const id = raw.callId ?? raw.id;
  return {
    name: item.name ?? String(raw.type),
    args: argsOf(item.arguments, raw),
    ...(typeof id === "string" && { id }),
  };
}

/** Shells, patches and screens have no `arguments`: people see the call itself. */
function argsOf(text: string | undefined, raw: Args): Args {
  if (text === undefined) return raw;
  try {
    const args: unknown = text === "" ? {} : JSON.parse(text);
    if (typeof args === "object" && args !== null && !Array.isArray(args)) return args as Args;
  } catch {
    // What the model wrote is no JSON: a person sees it as it is.
  }
  return { arguments: text };
}
