/** Turns what a schema finds wrong into pointers and sentences, without repeating what was sent. */
import type { z } from "zod";
import type { FieldProblem } from "../domain/refusal.ts";
import { pointer } from "./json-rules.ts";

type Issue = z.core.$ZodIssue;

/** More than anybody mends at once. */
const MOST = 50;

/** One problem for each place, in the order of the schema; at most fifty. */
export function fieldProblems(issues: readonly Issue[]): readonly FieldProblem[] {
  return issues.flatMap((issue) => told(issue, [])).slice(0, MOST);
}

function told(issue: Issue, above: readonly PropertyKey[]): readonly FieldProblem[] {
  const path = [...above, ...issue.path];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        pointer: pointer([...path, key]),
        detail: "There is no such field: check its spelling, or leave it out.",
      }));
    case "invalid_union":
      return closestForm(issue.errors, path);
    case "invalid_type":
      return [{ pointer: pointer(path), detail: typeDetail(issue) }];
    default:
      return [{ pointer: pointer(path), detail: issue.message }];
  }
}

/** Of several allowed forms, the one whose outer type was right is what the sender meant. */
function closestForm(
  forms: readonly (readonly Issue[])[],
  path: readonly PropertyKey[],
): readonly FieldProblem[] {
  const meant = forms.find((issues) => issues.length > 0 && issues.every((issue) => !isAboutTheWhole(issue)));
  if (meant) return meant.flatMap((issue) => told(issue, path));
  return [{ pointer: pointer(path), detail: "This has none of the forms that are allowed here." }];
}

function isAboutTheWhole(issue: Issue): boolean {
  return issue.path.length === 0 && issue.code === "invalid_type";
}

function typeDetail(issue: Extract<Issue, { code: "invalid_type" }>): string {
  // zod says "received undefined" for what is not there, and keeps no input that could be asked instead.
  if (issue.message.endsWith("received undefined")) return "This field is required.";
  return issue.message.replace(/^Invalid input: /, "");
}
