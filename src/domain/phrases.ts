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

const compiled = new WeakMap<readonly string[], RegExp>();

/** The first phrase of the list that the text says, as the text says it; undefined when it says none. */
export function phraseIn(text: string, phrases: readonly string[]): string | undefined {
  if (phrases.length === 0) return undefined;
  let pattern = compiled.get(phrases);
  if (!pattern) {
    const any = phrases.map((phrase) =>
      plain(phrase)
        .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
        .replaceAll(" ", "\\s+"),
    );
    pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any.join("|")})(?![\\p{L}\\p{N}])`, "iu");
    compiled.set(phrases, pattern);
  }
  return pattern.exec(plain(text))?.[0];
}

/** Compatibility forms folded and invisible characters dropped, so that a zero-width space hides no phrase. */
function plain(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}
