/** What JSON from outside must not hold, whatever the schema: depth, poisoned keys, texts and numbers nobody can keep. */
import type { FieldProblem } from "../domain/refusal.ts";

export const MAX_DEPTH = 32;

/** Keys that mean something to the language: a body has no business with them. */
const POISON: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);

/** Keys longer than this are cut where they are pointed at. */
const POINTED_KEY_LENGTH = 100;

interface Fault {
  /** Innermost first: filled while the walk returns, so that a good body pays nothing for it. */
  readonly path: string[];
  readonly detail: string;
}

/** Counts the members of all objects, so that the text can be asked whether one of them came twice. */
interface Tally {
  members: number;
  /** Lone surrogates and NUL can only come as `\u` escapes: without any, no text needs a look. */
  readonly escapes: boolean;
}

/** The first thing in a parsed body that breaks a rule. `text` is what it was parsed from. */
export function brokenRule(value: unknown, text: string): FieldProblem | undefined {
  const tally: Tally = { members: 0, escapes: text.includes("\\u") };
  const fault = walk(value, 1, tally);
  if (fault) return { pointer: pointer(fault.path.reverse()), detail: fault.detail };
  if (countKeys(text) !== tally.members) {
    return { pointer: duplicateKey(text), detail: "This key stands twice in one object: send it once." };
  }
  return undefined;
}

/** RFC 6901. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${escapePart(String(part))}`).join("");
}

function escapePart(part: string): string {
  const cut = part.length > POINTED_KEY_LENGTH ? `${part.slice(0, POINTED_KEY_LENGTH)}…` : part;
  return cut.toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1");
}

function walk(value: unknown, depth: number, tally: Tally): Fault | undefined {
  switch (typeof value) {
    case "string":
      return tally.escapes ? textFault(value) : undefined;
    case "number":
      return numberFault(value);
    case "object":
      if (value === null) return undefined;
      // Checked before going in, so that the walk itself never goes deeper than this.
      if (depth > MAX_DEPTH) return at(`Nested deeper than ${MAX_DEPTH} levels: flatten it.`);
      return Array.isArray(value) ? walkArray(value, depth, tally) : walkObject(value, depth, tally);
    default:
      return undefined;
  }
}

function walkArray(items: readonly unknown[], depth: number, tally: Tally): Fault | undefined {
  for (let index = 0; index < items.length; index++) {
    const fault = walk(items[index], depth + 1, tally);
    if (fault) return within(fault, String(index));
  }
  return undefined;
}

function walkObject(object: object, depth: number, tally: Tally): Fault | undefined {
  const keys = Object.keys(object);
  tally.members += keys.length;
  for (const key of keys) {
    if (POISON.has(key)) return within(at("This key is refused wherever it stands: rename it."), key);
    const fault =
      (tally.escapes ? textFault(key) : undefined) ??
      walk((object as Record<string, unknown>)[key], depth + 1, tally);
    if (fault) return within(fault, key);
  }
  return undefined;
}

function textFault(text: string): Fault | undefined {
  if (text.includes("\0")) return at("This has a NUL character (\\u0000) in it: leave it out.");
  if (!text.isWellFormed())
    return at("This has half of a surrogate pair (\\ud800 to \\udfff) in it: leave it out.");
  return undefined;
}

function numberFault(value: number): Fault | undefined {
  if (!Number.isFinite(value)) return at("This number is too large to be kept.");
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return at(
      "This whole number is beyond ±9007199254740991 and would not be kept exactly: send it as text.",
    );
  }
  return undefined;
}

function at(detail: string): Fault {
  return { path: [], detail };
}

function within(fault: Fault, part: string): Fault {
  fault.path.push(part);
  return fault;
}

/** How many keys a valid JSON text has: the strings that a colon follows. */
function countKeys(text: string): number {
  let keys = 0;
  for (let open = text.indexOf('"'); open !== -1; ) {
    const close = stringEnd(text, open);
    if (text.charCodeAt(blanksAfter(text, close + 1)) === COLON) keys++;
    open = text.indexOf('"', close + 1);
  }
  return keys;
}

const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** Where the string that opens at a quotation mark closes. */
function stringEnd(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); ; close = text.indexOf('"', close + 1)) {
    let slashes = 0;
    while (text.charCodeAt(close - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return close;
  }
}

function blanksAfter(text: string, start: number): number {
  let position = start;
  for (let code = text.charCodeAt(position); code === 0x20 || (code >= 0x09 && code <= 0x0d); ) {
    code = text.charCodeAt(++position);
  }
  return position;
}

/** Points at the first key that its object already has. The text is valid JSON in which there is one. */
function duplicateKey(text: string): string {
  const open: { readonly keys: Set<string> | null; part: string; index: number }[] = [];
  for (let position = 0; position < text.length; position++) {
    const top = open.at(-1);
    switch (text[position]) {
      case "{":
        open.push({ keys: new Set(), part: "", index: 0 });
        break;
      case "[":
        open.push({ keys: null, part: "0", index: 0 });
        break;
      case "}":
      case "]":
        open.pop();
        break;
      case ",":
        if (top && !top.keys) top.part = String(++top.index);
        break;
      case '"': {
        const close = stringEnd(text, position);
        if (top?.keys && text.charCodeAt(blanksAfter(text, close + 1)) === COLON) {
          top.part = JSON.parse(text.slice(position, close + 1)) as string;
          if (top.keys.has(top.part)) return pointer(open.map(({ part }) => part));
          top.keys.add(top.part);
        }
        position = close;
        break;
      }
    }
  }
  return "";
}
