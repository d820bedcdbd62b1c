/** Brings what other clients send to the lengths of our request, without losing a character. */

const REASON = 2_000;
const VALUE = 8_000;

/** The first line that says something, cut to the length of a summary. */
export function firstLine(text: string, otherwise: string): string {
  const line = text.split("\n").find((candidate) => candidate.trim() !== "") ?? otherwise;
  return cut(line.trim(), 300);
}

/** A long text as the reason, with the whole of it in the context where it does not fit. */
export function reasonAndRest(text: string, label: string) {
  if (text.length <= REASON) return { reason: text, context: [] };
  return { reason: cut(text, REASON), context: inParts(text, label) };
}

/** One label for each 8,000 characters. */
export function inParts(text: string, label: string): { label: string; value: string }[] {
  const parts = Math.ceil(text.length / VALUE);
  return Array.from({ length: parts }, (_, index) => ({
    label: parts === 1 ? label : `${label} (${index + 1} of ${parts})`,
    // A pair of surrogates may be parted here: what is left of each is shown as a replacement character.
    value: text.slice(index * VALUE, (index + 1) * VALUE).toWellFormed(),
  }));
}

/** For titles that are only read: what is too long ends with an ellipsis. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;
}
