/** Measures text as Slack does and shortens it without breaking a character, saying how much is missing. */

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;" } as const;

/** Text for a field that Slack parses (`text`): nothing in it is a mention or a link any more. */
export function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (sign) => ENTITIES[sign as keyof typeof ENTITIES]);
}

/** Characters after escaping. */
export function sizeOf(text: string): number {
  return escapeText(text).length;
}

/** Bytes after escaping, as chat.update counts. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(escapeText(text));
}

/** Half of a surrogate pair can't be sent: the client's form encoding throws on it. */
function sendable(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "\uFFFD");
}

/** At most `max` by the given measure; what was cut ends in an ellipsis. */
export function clip(text: string, max: number, measure: (text: string) => number = sizeOf): string {
  const whole = sendable(text);
  // Escaping and encoding only add: what has more characters than `max` need not be measured.
  if (whole.length <= max && measure(whole) <= max) return whole;
  return `${whole.slice(0, fitting(whole, max - measure("…"), measure))}…`;
}

export interface Shortened {
  readonly text: string;
  /** Characters that are not shown; 0 when all are. */
  readonly missing: number;
}

/** Keeps two thirds of the room for the beginning and one for the end: what matters is often said last. */
export function shorten(text: string, max: number): Shortened {
  const whole = sendable(text);
  if (whole.length <= max && sizeOf(whole) <= max) return { text: whole, missing: 0 };
  const head = whole.slice(0, fitting(whole, Math.floor((max - 3) * (2 / 3)), sizeOf));
  const rest = whole.slice(head.length);
  const tail = rest.slice(startOfTail(rest, Math.floor((max - 3) / 3)));
  const hidden = rest.slice(0, rest.length - tail.length);
  return { text: `${head} … ${tail}`, missing: countCharacters(hidden) };
}

/** Code points of well-formed text. */
function countCharacters(text: string): number {
  return text.length - (text.match(/[\uD800-\uDBFF]/g)?.length ?? 0);
}

export function missingWords(missing: number): string {
  return missing === 1
    ? "1 character is not shown"
    : `${missing.toLocaleString("en")} characters are not shown`;
}

/** The longest beginning that measures at most `max`, ending between two characters as people see them. */
function fitting(text: string, max: number, measure: (text: string) => number): number {
  let low = 0;
  let high = Math.min(text.length, Math.max(0, max));
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, middle)) <= max) low = middle;
    else high = middle - 1;
  }
  return boundary(text, low);
}

function startOfTail(text: string, max: number): number {
  let low = Math.max(0, text.length - max);
  let high = text.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (sizeOf(text.slice(middle)) <= max) high = middle;
    else low = middle + 1;
  }
  const before = boundary(text, low);
  // A boundary before the mark would let too much in: take the next one.
  return before === low
    ? low
    : Math.min(text.length, low + nextCharacter(text.slice(before)) - (low - before));
}

const characters = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Longer than any honest character; a pile of combining marks may be cut in the middle. */
const LONGEST_CHARACTER = 64;

/** The last place at or before `at` where no character is split. */
function boundary(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return Math.max(0, Math.min(at, text.length));
  const from = Math.max(0, at - LONGEST_CHARACTER);
  const start = isLowSurrogate(text, from) ? from - 1 : from;
  const around = characters.segment(text.slice(start, at + LONGEST_CHARACTER)).containing(at - start);
  const found = start + (around?.index ?? at - start);
  if (found > start || start === 0) return found;
  return isLowSurrogate(text, at) ? at - 1 : at;
}

function nextCharacter(text: string): number {
  const [first] = characters.segment(text.slice(0, LONGEST_CHARACTER));
  return first?.segment.length ?? 0;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
