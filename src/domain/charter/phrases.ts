/** Phrase rules: whether a text says one of the phrases, whole words, any case, however it is spaced or styled. */

/** What people write when they want a person; a charter's own list replaces it. */
export const ASKS_FOR_A_PERSON: readonly string[] = [
  "speak to a human",
  "talk to a human",
  "speak to a person",
  "talk to a person",
  "speak to someone",
  "talk to someone",
  "real person",
  "real human",
  "human agent",
  "human being",
  "call me",
  "get me a manager",
  "speak to a manager",
  "customer service representative",
];

/** Regulatory and legal words; a charter's own list replaces it. */
export const LEGAL_CONCERNS: readonly string[] = [
  "GDPR",
  "HIPAA",
  "lawyer",
  "attorney",
  "legal action",
  "lawsuit",
  "sue you",
  "regulator",
  "data breach",
  "data protection officer",
  "subject access request",
  "delete my data",
];

/** What people write when they want something changed; a charter's own list replaces it. */
export const ASKS_FOR_A_CHANGE: readonly string[] = [
  "change my",
  "change the",
  "change it",
  "reschedule",
  "move it to",
  "instead of",
  "please update",
  "cancel my",
  "different date",
  "different time",
];

const LETTER = "[\\p{L}\\p{N}]";
const NEVER = /(?!)/;
const compiled = new WeakMap<readonly string[], RegExp>();

/** The first of the phrases that the text says, as the text says it; undefined when it says none. */
export function phraseIn(text: string, phrases: readonly string[]): string | undefined {
  let pattern = compiled.get(phrases);
  if (!pattern) {
    // A phrase of invisible characters is no phrase: left in, it would match everywhere and hide the others.
    const any = phrases.map((phrase) => escaped(plain(phrase))).filter((phrase) => phrase !== "");
    pattern = any.length > 0 ? new RegExp(`(?<!${LETTER})(?:${any.join("|")})(?!${LETTER})`, "iu") : NEVER;
    compiled.set(phrases, pattern);
  }
  return pattern.exec(plainly(text))?.[0];
}

/** The last text that was folded: one signal's text meets several rules in a row, and folding costs more than all of them. */
let last = { text: "", plain: "" };

function plainly(text: string): string {
  if (last.text !== text) last = { text, plain: plain(text) };
  return last.plain;
}

function escaped(phrase: string): string {
  return phrase.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Invisible characters dropped and compatibility forms folded, so that a zero-width space or a curly quote hides no phrase. */
function plain(text: string): string {
  return text
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .normalize("NFKC")
    .replace(/[‘’ʼ]/gu, "'")
    .replace(/\p{Pd}/gu, "-")
    .replace(/\s+/gu, " ")
    .trim();
}
