/** Words of agents and customers made safe to look at: nothing hidden, nothing pushed out of view, what is cut is said. */

/**
 * Characters that can't be seen or that reorder and hide others: controls, formats (bidi overrides, zero-width, tags),
 * private use, lone surrogates, line and paragraph separators, fillers and variation selectors.
 */
const HIDDEN = String.raw`[[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]--[\n\t]]`;

/** Scripts that are written with joiners: Persian and the Indic scripts can't be spelt without them. */
const JOINING = String.raw`[[\p{L}\p{M}]&&[\p{scx=Arab}\p{scx=Syrc}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}]]`;

const ANY_HIDDEN = new RegExp(HIDDEN, "v");

/** What may stay though it holds hidden characters (a real emoji, an honest joiner), else a run of hidden ones. */
const HONEST_OR_HIDDEN = new RegExp(
  String.raw`\p{RGI_Emoji}|(?<=${JOINING})[\u200C\u200D](?=${JOINING})|(?<hidden>${HIDDEN}+)`,
  "gv",
);

/** Blank to the eye, though not all are spaces to Unicode: U+2800 is a braille cell without dots. */
const BLANKS = /[\p{Zs}\t\u2800\u{1D159}]{9,}/gu;
const EMPTY_LINES = /\n(?:[\p{Zs}\t\u2800\u{1D159}]*\n){4,}/gu;
const INDENTATION = /^ {1,40}$/;
const MARKS = /([\p{Mn}\p{Me}]{5})([\p{Mn}\p{Me}]+)/gu;

/** Hidden characters of one run that are spelt out; the rest of the run is counted. */
const SPELT = 8;

const numbers = new Intl.NumberFormat("en-GB");

/** `1,234`. */
export function counted(amount: number): string {
  return numbers.format(amount);
}

/** "1 character", "1,234 characters". */
export function counting(amount: number, one: string, many = `${one}s`): string {
  return `${counted(amount)} ${amount === 1 ? one : many}`;
}

/**
 * The text as it is, for the eye: composed (NFC), with hidden characters spelt as `\u{202E}`, and with long runs of blanks,
 * empty lines and combining marks counted instead of shown. Newlines, tabs, real emoji and right-to-left scripts stay.
 */
export function literal(text: string): string {
  const composed = withoutMarkFloods(withoutMarkFloods(text.replaceAll("\r\n", "\n")).normalize("NFC"));
  const spelt = ANY_HIDDEN.test(composed) ? composed.replace(HONEST_OR_HIDDEN, spellRun) : composed;
  return spelt
    .replace(BLANKS, (run, at: number, all: string) =>
      isIndentation(run, all[at - 1]) ? run : ` [${counting(run.length, "blank")}] `,
    )
    .replace(EMPTY_LINES, (run) => `\n[${counting(run.split("\n").length - 2, "empty line")}]\n`);
}

function spellRun(match: string, hidden: string | undefined): string {
  if (hidden === undefined) return match;
  const characters = [...hidden];
  const spelt = characters.slice(0, SPELT).map(spell).join("");
  const rest = characters.length - SPELT;
  return rest > 0 ? `${spelt}[+${counting(rest, "hidden character")}]` : spelt;
}

function spell(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}}`;
}

/** Five marks on one letter are more than any living script stacks; a thousand cover the lines above and below. */
function withoutMarkFloods(text: string): string {
  return text.replace(
    MARKS,
    (_, kept: string, rest: string) => `${kept}[+${counting([...rest].length, "mark")}]`,
  );
}

/** Indentation of code is honest: it stands at the start of a line and is not long. */
function isIndentation(run: string, before: string | undefined): boolean {
  return (before === undefined || before === "\n") && INDENTATION.test(run);
}

/** Whether a text holds anything that `literal` would have to spell out or count. */
export function isPlain(text: string): boolean {
  return literal(text) === text;
}

/** A text on one line: line breaks are shown as ↵. */
export function oneLine(text: string): string {
  return literal(text)
    .trim()
    .replace(/\s*\n\s*/gu, " ↵ ")
    .replaceAll("\t", " ");
}

/** One line of at most `max` UTF-16 units, for names and labels; a cut ends in "…". */
export function short(text: string, max: number): string {
  // What can't be shown need not be looked at: a name of a megabyte costs no more than a long one.
  const seen = text.slice(0, boundaryAtOrBefore(text, max * 8));
  const line = oneLine(seen);
  if (seen.length === text.length && line.length <= max) return line;
  return `${line.slice(0, boundaryAtOrBefore(line, max - 1)).trimEnd()}…`;
}

/** A quotation within a sentence of ours; it can't be closed from within. */
export function quoted(text: string, max: number): string {
  return `“${short(text, max).replace(/[“”„‟]/gu, '"')}”`;
}

/** A text that was shortened, and how many characters (code points) of it are missing. */
export interface Clipped {
  readonly text: string;
  readonly hidden: number;
}

/** Room for the sentence that says what was cut. */
const ANNOUNCEMENT = 48;

/**
 * At most `max` UTF-16 units (80 or more) and `lines` lines: the beginning and the end, with a sentence between them that
 * says how much is missing. The end is kept because what matters is often hidden there.
 */
export function clip(text: string, max: number, lines = Number.POSITIVE_INFINITY): Clipped {
  if (text.length <= max && linesIn(text, lines) <= lines) return { text, hidden: 0 };
  const room = Math.max(0, max - ANNOUNCEMENT);
  const [linesOfHead, linesOfTail] = [Math.ceil((lines * 2) / 3), Math.floor(lines / 3)];
  const head = Math.min(Math.ceil((room * 2) / 3), endOfLine(text, linesOfHead));
  const tail = Math.max(text.length - Math.floor(room / 3), startOfLastLines(text, linesOfTail));
  const to = boundaryAtOrBefore(text, head);
  const from = Math.max(to, boundaryAtOrAfter(text, tail));
  const hidden = codePoints(text.slice(to, from));
  const said = `… ${counting(hidden, "character")} ${hidden === 1 ? "is" : "are"} not shown …`;
  const gap = text.includes("\n") ? "\n" : " ";
  const parts = [text.slice(0, to).trimEnd(), said, text.slice(from).trimStart()];
  return { text: parts.filter((part) => part !== "").join(gap), hidden };
}

/** Where a link leads, as the network reads it: `xn--` names stay as they are, so that no letter passes for another. */
export function hostOf(url: string): string {
  if (!URL.canParse(url)) return "an address that cannot be read";
  const { host } = new URL(url);
  return /(?:^|\.)xn--/.test(host) ? `${host} (not only Latin letters)` : host;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

/** A cluster longer than any real one may be cut inside, between code points. */
const LONGEST_CLUSTER = 64;

function boundaryAtOrBefore(text: string, at: number): number {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  const cluster = graphemes.segment(text).containing(at);
  if (!cluster || cluster.segment.length > LONGEST_CLUSTER) return isLowSurrogate(text, at) ? at - 1 : at;
  return cluster.index;
}

function boundaryAtOrAfter(text: string, at: number): number {
  if (at <= 0) return 0;
  if (at >= text.length) return text.length;
  const cluster = graphemes.segment(text).containing(at);
  if (!cluster || cluster.segment.length > LONGEST_CLUSTER) return isLowSurrogate(text, at) ? at + 1 : at;
  return cluster.index === at ? at : cluster.index + cluster.segment.length;
}

function isLowSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Lines of a text, counted no further than one past `enough`. */
function linesIn(text: string, enough: number): number {
  let count = 1;
  for (let at = text.indexOf("\n"); at >= 0 && count <= enough; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

function endOfLine(text: string, line: number): number {
  let at = -1;
  for (let seen = 0; seen < line; seen++) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text.length;
  }
  return Math.max(0, at);
}

function startOfLastLines(text: string, lines: number): number {
  if (lines <= 0) return text.length;
  let at = text.length;
  for (let seen = 0; seen < lines; seen++) {
    at = at === 0 ? -1 : text.lastIndexOf("\n", at - 1);
    if (at < 0) return 0;
  }
  return at + 1;
}
