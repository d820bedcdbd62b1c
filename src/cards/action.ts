/** The action at stake, drawn from what would really run: short arguments as facts, long and nested ones as code. */
import type { Action } from "../domain/escalation/action-digest.ts";
import { type Block, type Fact, plain, soft, strong } from "./card.ts";
import { clip, counting, isPlain, literal, oneLine, quoted, short } from "./literal.ts";

type Args = Readonly<Record<string, unknown>>;

/** Blocks, and what of their matter they leave out, each as "632 characters of body". */
export interface Shown {
  readonly blocks: readonly Block[];
  readonly cut: readonly string[];
}

/** Longer strings, and strings of several lines, get a block of their own. */
const LONGEST_FACT = 160;

export interface ActionDrawing {
  /** Words of ours before the action's name. */
  readonly label: string;
  /** UTF-16 units for everything; each long argument gets an equal part of it. */
  readonly room: number;
  /** Arguments shown at most. */
  readonly most?: number;
}

export function actionBlocks(action: Action, { label, room, most = 15 }: ActionDrawing): Shown {
  const title: Block = {
    kind: "text",
    text: [strong(`${label} `), { kind: "code", text: short(action.name, 100) }],
  };
  const args = Object.entries(action.args);
  if (args.length === 0) {
    return { blocks: [title, { kind: "note", text: [plain("It takes no arguments.")] }], cut: [] };
  }
  const shown = args.some(([, value]) => isNested(value))
    ? nested(action.args, room)
    : flat(args, room, most);
  return { blocks: [title, ...shown.blocks], cut: shown.cut };
}

function nested(args: Args, room: number): Shown {
  const { text, hidden } = clip(json(args), Math.max(room, 200), 60);
  return {
    blocks: [{ kind: "code", text }],
    cut: hidden > 0 ? [`${counting(hidden, "character")} of the arguments`] : [],
  };
}

function flat(args: readonly (readonly [string, unknown])[], room: number, most: number): Shown {
  const seen = args.slice(0, most);
  const long = seen.filter(([, value]) => isLong(value));
  const each = Math.max(200, Math.floor(room / Math.max(1, long.length)));
  const facts: Fact[] = seen
    .filter(([, value]) => !isLong(value))
    .map(([name, value]) => ({ label: argName(name), value: [{ kind: "code", text: scalarText(value) }] }));
  const cut = args.length > most ? [counting(args.length - most, "argument")] : [];
  const texts = long.flatMap(([name, value]): Block[] => {
    const { text, hidden } = clip(literal(String(value)), each, 40);
    if (hidden > 0) cut.push(`${counting(hidden, "character")} of ${argName(name)}`);
    return [
      { kind: "text", text: [strong(argName(name))] },
      { kind: "code", text },
    ];
  });
  return { blocks: [...(facts.length > 0 ? [{ kind: "facts" as const, facts }] : []), ...texts], cut };
}

/** What an edit changed: per argument what it was and what it is. */
export function changes(before: Args, after: Args, most = 12): Shown {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => json(before[name]) !== json(after[name]));
  const cut = changed.length > most ? [counting(changed.length - most, "change")] : [];
  const facts = changed.slice(0, most).map((name): Fact => {
    const [was, is] = [sideOf(before, name), sideOf(after, name)];
    const hidden = was.hidden + is.hidden;
    if (hidden > 0) cut.push(`${counting(hidden, "character")} of the change to ${argName(name)}`);
    return {
      label: argName(name),
      value: [{ kind: "code", text: was.text }, soft(" → "), { kind: "code", text: is.text }],
    };
  });
  return { blocks: facts.length > 0 ? [{ kind: "facts", facts }] : [], cut };
}

function sideOf(args: Args, name: string) {
  if (!Object.hasOwn(args, name)) return { text: "nothing", hidden: 0 };
  const value = args[name];
  return clip(oneLine(isNested(value) ? JSON.stringify(value) : fullText(value)), 240);
}

/** An argument's name is the agent's: one line, and in quotation marks where it is not a plain word. */
export function argName(name: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]{0,59}$/u.test(name) && isPlain(name) ? name : quoted(name, 60);
}

/** Arguments as text, for the eye. */
export function json(value: unknown): string {
  return literal(JSON.stringify(value, null, 2) ?? "nothing");
}

export function isNested(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isLong(value: unknown): boolean {
  return typeof value === "string" && (value.length > LONGEST_FACT || value.includes("\n"));
}

function scalarText(value: unknown): string {
  return short(fullText(value), LONGEST_FACT * 8);
}

/** A string that could be taken for a number, a truth value or nothing keeps its quotation marks. */
function fullText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "nothing";
  const misleading =
    value.trim() !== value || /^(?:|true|false|null|nothing|".*"|-?\d[\d.,]*(?:e[+-]?\d+)?)$/is.test(value);
  return literal(misleading ? JSON.stringify(value) : value);
}
