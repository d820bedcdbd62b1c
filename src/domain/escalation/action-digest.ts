/** What you approve is what executes: the one canonical text of an action (RFC 8785), and its SHA-256. */
import type { ActionDigest } from "../ids.ts";

export interface Action {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** SHA-256 of a text as lower-case hex; handed in, because the domain imports no runtime. */
export type Sha256 = (text: string) => string;

/**
 * RFC 8785 (JSON Canonicalization Scheme): members sorted by UTF-16 code units, numbers and strings as ECMAScript writes
 * them. Takes what `JSON.parse` can produce; members that are `undefined` are left out, as `JSON.stringify` does.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  const members = value as Readonly<Record<string, unknown>>;
  // Two of these are made for every accepted request: a loop costs half of what entries, filter and map do.
  let text = "";
  for (const name of Object.keys(members).sort()) {
    const member = members[name];
    if (member !== undefined) text += `${text && ","}${JSON.stringify(name)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

export function actionDigest(action: Action, sha256: Sha256): ActionDigest {
  return `sha256:${sha256(canonicalJson({ name: action.name, args: action.args }))}`;
}
