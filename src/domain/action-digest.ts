/** What you approve is what executes: the one canonical text of an action (RFC 8785), and its SHA-256. */
import type { ActionDigest } from "./ids.ts";

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
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}

export function actionDigest(action: Action, sha256: Sha256): ActionDigest {
  return `sha256:${sha256(canonicalJson({ name: action.name, args: action.args }))}`;
}
