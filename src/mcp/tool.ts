/** What a tool is: words for a model, strict input, and what it does. */
import { z } from "zod";
import { type Desk, ToolProblem } from "./api.ts";

/** Hints of the protocol for the client's user; nothing here relies on them. */
export interface Hints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  /** Whether it reaches people. */
  readonly openWorldHint: boolean;
}

/** Asks people or tells them something; takes nothing away from anybody. */
export const ASKS: Hints = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: true,
};

export const READS: Hints = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** What `tools/list` says of it: plain JSON, made once. */
export interface Description {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonSchema;
  readonly outputSchema?: JsonSchema;
  readonly annotations: Hints;
}

type JsonSchema = { type: "object"; [keyword: string]: unknown };

export interface ToolAnswer {
  readonly text: string;
  /** As the output schema has it; absent where the tool has none. */
  readonly facts?: Record<string, unknown>;
}

export interface Tool {
  readonly described: Description;
  /** Throws a `ToolProblem` where it can't answer. */
  call(args: unknown, desk: Desk): Promise<ToolAnswer>;
}

interface Spec<Input extends z.ZodType, Output extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  readonly output: Output;
  readonly annotations: Hints;
  /** Takes the arguments as they were sent, once they are known to fit: what is sent on is not rewritten. */
  run(args: z.input<Input>, desk: Desk): Promise<z.output<Output>>;
}

export function tool<Input extends z.ZodType, Output extends z.ZodType>(spec: Spec<Input, Output>): Tool {
  return {
    described: { ...described(spec), outputSchema: jsonSchema(spec.output, "output") },
    async call(args, desk) {
      const facts = await spec.run(fitting(spec.input, args), desk);
      // Clients that do not read structured content find the same in the text.
      return { text: JSON.stringify(facts), facts: facts as Record<string, unknown> };
    },
  };
}

export function described(spec: Omit<Spec<z.ZodType, z.ZodType>, "output" | "run">): Description {
  const { name, title, description, annotations } = spec;
  return { name, title, description, annotations, inputSchema: jsonSchema(spec.input, "input") };
}

/** Throws a `ToolProblem` that names each place where the arguments do not fit. */
export function fitting<Input extends z.ZodType>(input: Input, args: unknown): z.input<Input> {
  const parsed = input.safeParse(args ?? {});
  if (parsed.success) return (args ?? {}) as z.input<Input>;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message,
  );
  throw new ToolProblem(
    `The arguments do not fit: ${problems.join("; ")}. Nothing was done. Correct them and call the tool again.`,
  );
}

function jsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  return { type: "object", ...z.toJSONSchema(schema, { io }) } as JsonSchema;
}
