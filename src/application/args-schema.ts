/** The JSON Schema that an agent may send for its action's arguments: checked once when it comes in, obeyed when a person edits. */
import safeRegex from "safe-regex2";
import { z } from "zod";
import type { FieldProblem } from "../domain/refusal.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

/** Why edits could not be checked against this schema, in words for the agent's builder; null when they can. */
export function argsSchemaProblem(schema: JsonSchema): string | null {
  if (schema.type !== undefined && schema.type !== "object")
    return "describe an object: the action's arguments";
  const odd = oddKeyword(schema);
  if (odd) return odd;
  try {
    z.fromJSONSchema(schema);
    return null;
  } catch (error) {
    return `this schema cannot be checked: ${error instanceof Error ? error.message : "it is not JSON Schema"}`;
  }
}

/** What is wrong with edited arguments, by JSON Pointer from `/args`. Without a schema any object will do. */
export function argsProblems(schema: JsonSchema | undefined, args: unknown): readonly FieldProblem[] {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    return [{ pointer: "/args", detail: "the arguments are a JSON object" }];
  }
  if (!schema) return [];
  const checked = z.fromJSONSchema(schema).safeParse(args);
  if (checked.success) return [];
  return checked.error.issues.map((issue) => ({
    pointer: [
      "/args",
      ...issue.path.map((step) => String(step).replaceAll("~", "~0").replaceAll("/", "~1")),
    ].join("/"),
    detail: issue.message,
  }));
}

/** References that leave the document, and patterns whose matching could take for ever. */
function oddKeyword(node: unknown): string | null {
  if (typeof node !== "object" || node === null) return null;
  for (const [keyword, value] of Object.entries(node)) {
    if (keyword === "$ref" && typeof value === "string" && !value.startsWith("#"))
      return "a $ref may only point into the same schema (#/…)";
    if (keyword === "pattern" && typeof value === "string" && !safeRegex(value))
      return "one pattern could take for ever to match: simplify it";
    const inner = oddKeyword(value);
    if (inner) return inner;
  }
  return null;
}
