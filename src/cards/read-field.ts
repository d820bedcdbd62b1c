/** Typed text back into values, strictly: what can't be read exactly is a problem said in words, never a guess. */

export type Reading =
  /** As it was: the argument keeps its exact value. */
  | { readonly kind: "untouched" }
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "absent" }
  | { readonly kind: "problem"; readonly words: string };

export const untouched: Reading = { kind: "untouched" };

export function reading(value: unknown): Reading {
  return { kind: "value", value };
}

function problem(words: string): Reading {
  return { kind: "problem", words };
}

/** Platforms trim fields and change line ends: that alone is no edit. */
export function sameText(a: string, b: string): boolean {
  return tidy(a) === tidy(b);
}

function tidy(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

/** JSON's own way to write numbers: no thousands separators, no hexadecimal, no infinity. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

export function readNumber(
  text: string,
  limits: { readonly whole: boolean; readonly least: unknown; readonly most: unknown },
): Reading {
  if (!NUMBER.test(text)) return problem("Write a plain number, such as 1000 or 12.5.");
  const value = Number(text);
  if (!Number.isFinite(value)) return problem("This number is too large.");
  if (limits.whole && !Number.isInteger(value)) return problem("Write a whole number.");
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^-?\d+$/.test(text))
    return problem("This number is too large to be kept exactly.");
  if (typeof limits.least === "number" && value < limits.least)
    return problem(`Write at least ${limits.least}.`);
  if (typeof limits.most === "number" && value > limits.most) return problem(`Write at most ${limits.most}.`);
  return reading(value);
}

/** As deep as the agents' door takes. */
const DEEPEST = 32;
const REFUSED_KEYS: readonly string[] = ["__proto__", "constructor", "prototype"];

/** @param object whether nothing but an object will do */
export function readJson(text: string, object: boolean): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return problem(`This is not JSON${where(text, error)}: check quotation marks, commas and brackets.`);
  }
  if (object && (typeof value !== "object" || value === null || Array.isArray(value)))
    return problem("Write an object: { … } with the arguments by name.");
  const wrong = whatIsWrong(value, 1);
  return wrong === null ? reading(value) : problem(wrong);
}

function whatIsWrong(value: unknown, depth: number): string | null {
  if (typeof value === "number" && !Number.isFinite(value)) return "One of the numbers is too large.";
  if (typeof value !== "object" || value === null) return null;
  if (depth > DEEPEST) return `This is nested more than ${DEEPEST} levels deep.`;
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value) && REFUSED_KEYS.includes(key)) return `The name ${key} is not allowed.`;
    const wrong = whatIsWrong(member, depth + 1);
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Engines word the error each in their own way; most name the position. */
function where(text: string, error: unknown): string {
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
  if (position === undefined) return "";
  return ` (line ${text.slice(0, Number(position)).split("\n").length})`;
}
