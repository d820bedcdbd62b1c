/** LangGraph and LangChain: what a graph's `interrupt()` asks goes to people, and the graph resumes with their answer in its shape. */
import { HoldpointError } from "./failure.ts";
import type { Holdpoint } from "./index.ts";
import { type Interrupted, responder } from "./interrupt-shapes.ts";
import { together } from "./together.ts";
import { type AskOptions, ruleOn } from "./tool-call.ts";

export type { AskOptions } from "./tool-call.ts";

interface Graph {
  invoke(input: unknown, config?: object): Promise<unknown>;
}

/**
 * Answers everything a paused graph asks, each in the shape and order it was asked in: the value for `Command({ resume })`.
 * Throws a `HoldpointError` where anything of it stays undecided, and the graph stays where it is.
 */
export async function answerInterrupts(
  holdpoint: Holdpoint,
  interrupts: readonly Interrupted[],
  options: AskOptions = {},
): Promise<unknown> {
  const answers = await together(options.signal, (signal) =>
    Promise.all(
      interrupts.map(async ({ id, value }) => {
        const { calls, answer } = responder(value, id);
        const rule = ({ call, offered }: (typeof calls)[number]) =>
          ruleOn(holdpoint, call, offered, { ...options, signal });
        return [id, answer(await Promise.all(calls.map(rule)))] as const;
      }),
    ),
  );
  const [only, ...more] = answers;
  if (only === undefined) throw new HoldpointError("refused", "This graph asks nothing: it is not paused");
  if (more.length === 0 && only[0] === undefined) return only[1];
  return Object.fromEntries(answers);
}

/** Runs a graph to its end: whenever it pauses, people are asked, and it resumes. `Command` is the one of `@langchain/langgraph`. */
export async function invokeWithPeople<G extends Graph>(
  {
    holdpoint,
    graph,
    Command,
    ...options
  }: AskOptions & {
    readonly holdpoint: Holdpoint;
    readonly graph: G;
    readonly Command: new (given: { resume: unknown }) => unknown;
  },
  input: Parameters<G["invoke"]>[0],
  config: Parameters<G["invoke"]>[1],
): Promise<Awaited<ReturnType<G["invoke"]>>> {
  let result = await graph.invoke(input, config);
  for (let asked = pending(result); asked.length > 0; asked = pending(result))
    result = await graph.invoke(
      new Command({ resume: await answerInterrupts(holdpoint, asked, options) }),
      config,
    );
  return result as Awaited<ReturnType<G["invoke"]>>;
}

function pending(result: unknown): readonly Interrupted[] {
  return (result as { readonly __interrupt__?: readonly Interrupted[] } | null)?.__interrupt__ ?? [];
}
