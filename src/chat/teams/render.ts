/** Cards as Adaptive Cards in messages: whole where they fit, cut with an announcement where they don't. */
import type { Block, Card, Tone } from "../../cards/card.ts";
import type { Form } from "../../cards/form.ts";
import { short } from "../../cards/literal.ts";
import type { JsonObject } from "../payload.ts";
import { type Buttons, drawRow } from "./actions.ts";
import { drawBlock, heading } from "./elements.ts";
import { fitsTeams } from "./fields.ts";
import { bytesOf, LIMITS } from "./limits.ts";
import { type Element, paragraphs, type Room, words } from "./text-runs.ts";

/** How renderers make buttons, and where everything can be read. */
export interface Canvas {
  readonly token: Buttons["token"];
  /** The console; null where there is no address to link to. */
  readonly consoleUrl: string | null;
  /** Whether the people a card names are called: in a channel they are, in their own chat there is no need. */
  readonly mentions: boolean;
  /** What its buttons open, those first that are used most: as many are drawn as fit. */
  readonly forms: readonly Form[];
  /** How clients ask for a person's own view of it; null where everybody sees the same. */
  readonly refresh: JsonObject | null;
}

export const CARD_TYPE = "application/vnd.microsoft.card.adaptive";

/** Tried in order until the card fits: the most that one passage may have, and the most lines, items or rows. */
const ROOMS = [
  { passage: LIMITS.passage, lines: LIMITS.lines },
  { passage: 2_000, lines: LIMITS.lines },
  { passage: 1_200, lines: LIMITS.lines },
  { passage: 700, lines: 30 },
  { passage: 400, lines: 20 },
  { passage: 200, lines: 15 },
  { passage: 100, lines: 10 },
] as const;

/** A message with the card alone: with words beside it Teams would split it, and not say where it stands. */
export function drawCard(card: Card, canvas: Canvas): JsonObject {
  return message(card.summary, drawContent(card, canvas));
}

export function drawMinimal(card: Card, canvas: Canvas): JsonObject {
  return message(card.summary, drawMinimalContent(card, canvas));
}

/** The Adaptive Card itself, within our limit; the minimal one where even short passages are too much. */
export function drawContent(card: Card, canvas: Canvas): Element {
  for (const room of ROOMS) {
    const unseen = card.blocks.some((block) => isMoreThan(room, block));
    const draw = (forms: readonly Form[]) => {
      const make = { token: canvas.token, forms, unseen };
      return adaptive([...drawBlocks(card, room, make), ...calling(card, canvas)], card, canvas);
    };
    const bare = draw([]);
    if (bytesOf(bare) <= LIMITS.cardBytes) return withForms(bare, draw, canvas.forms);
  }
  return drawMinimalContent(card, canvas);
}

/** No word of a request makes room for a form: one that does not fit comes when its button is pressed. */
function withForms(
  bare: Element,
  draw: (forms: readonly Form[]) => Element,
  forms: readonly Form[],
): Element {
  let best = bare;
  let chosen: readonly Form[] = [];
  for (const form of forms.filter(fitsTeams)) {
    const drawn = draw([...chosen, form]);
    if (bytesOf(drawn) > LIMITS.cardBytes) continue;
    best = drawn;
    chosen = [...chosen, form];
  }
  return best;
}

/** What always fits: the summary, the buttons and the way to the console. */
function drawMinimalContent(card: Card, canvas: Canvas): Element {
  const rows = card.blocks.filter((block) => block.kind === "buttons" || block.kind === "open");
  const hasLink = rows.some((block) => block.kind === "open");
  const title = card.blocks.find((block) => block.kind === "heading");
  const blocks: readonly Block[] = [
    ...(title ? [title] : []),
    { kind: "text", text: [{ kind: "plain", text: short(card.summary, LIMITS.summary) }] },
    {
      kind: "text",
      text: [
        { kind: "soft", text: "The details do not fit in Teams. Read them in Holdpoint before you decide." },
      ],
    },
    ...rows,
    ...(hasLink || canvas.consoleUrl === null
      ? []
      : [{ kind: "open" as const, label: "Open Holdpoint", url: canvas.consoleUrl }]),
  ];
  const make = { token: canvas.token, forms: [], unseen: true };
  const room = { passage: LIMITS.summary, lines: LIMITS.lines };
  const body = drawBlocks({ ...card, blocks }, room, make).slice(0, MINIMAL_ELEMENTS);
  return adaptive(body, card, { ...canvas, mentions: false });
}

/** The title, the words, and more rows of buttons than any request has. */
const MINIMAL_ELEMENTS = 8;

export function message(summary: string, content: Element): JsonObject {
  const line = short(summary, LIMITS.summary) || "Holdpoint";
  return { type: "message", summary: line, attachments: [{ contentType: CARD_TYPE, content }] };
}

function adaptive(body: readonly Element[], card: Card, canvas: Canvas): Element {
  const entities = canvas.mentions ? peopleCalled(card).map(mentionEntity) : [];
  return {
    type: "AdaptiveCard",
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    version: LIMITS.cardVersion,
    fallbackText: "Open Holdpoint to see this: this version of Teams cannot show it.",
    msteams: { width: "Full", ...(entities.length > 0 && { entities }) },
    ...(canvas.refresh !== null && { refresh: canvas.refresh }),
    body,
  };
}

const GROUNDS: Readonly<Record<Tone, string>> = {
  asking: "warning",
  urgent: "attention",
  good: "good",
  bad: "attention",
  quiet: "default",
};

function drawBlocks(card: Pick<Card, "tone" | "blocks">, room: Room, make: Buttons): Element[] {
  const drawn: Element[] = [];
  let row: Extract<Block, { kind: "buttons" | "open" }>[] = [];
  let divided = false;
  let titled = false;
  const put = (elements: readonly Element[]) => {
    const [first, ...others] = elements;
    if (first === undefined) return;
    drawn.push(divided ? { ...first, separator: true, spacing: "medium" } : first, ...others);
    divided = false;
  };
  const endRow = () => {
    put(drawRow(row, make));
    row = [];
  };
  for (const block of card.blocks) {
    if (block.kind === "buttons" || block.kind === "open") {
      row.push(block);
      continue;
    }
    endRow();
    if (block.kind === "divider") divided = true;
    else if (block.kind === "heading" && !titled) {
      // The tone as the ground the title stands on, bled to the edges.
      titled = true;
      put([{ type: "Container", style: GROUNDS[card.tone], bleed: true, items: [heading(block.text)] }]);
    } else put(drawBlock(block, room));
  }
  endRow();
  return drawn;
}

interface Called {
  readonly name: string;
  readonly account: string;
}

/** People of ours whom a card names and who have an account here. */
function peopleCalled(card: Card): readonly Called[] {
  const spans = card.blocks.flatMap((block) =>
    block.kind === "text" || block.kind === "note"
      ? block.text
      : block.kind === "facts"
        ? block.facts.flatMap(({ value }) => value)
        : block.kind === "list"
          ? block.items.flat()
          : [],
  );
  const people = spans.flatMap((span) => {
    const account = span.kind === "person" ? span.accounts.teams : undefined;
    // A mention stands in an element that is parsed: a name keeps its letters, and nothing that could be markup.
    const name = span.kind === "person" ? span.name.replace(/[^\p{L}\p{M}\p{N}' .,-]/gu, "").trim() : "";
    return account !== undefined && /^[0-9a-f-]{36}$/i.test(account) && name !== ""
      ? [{ name, account }]
      : [];
  });
  return [...new Map(people.map((person) => [person.account, person])).values()].slice(0, 10);
}

/** The one place where markup is written, and only ours: Teams calls nobody from a TextRun. */
function calling(card: Card, canvas: Canvas): readonly Element[] {
  const people = canvas.mentions ? peopleCalled(card) : [];
  if (people.length === 0) return [];
  return [
    ...paragraphs(words("Called:", { size: "small", isSubtle: true })),
    {
      type: "TextBlock",
      text: people.map(mentionText).join(" "),
      wrap: true,
      size: "small",
      spacing: "none",
    },
  ];
}

function mentionText({ name }: Called): string {
  return `<at>${name}</at>`;
}

function mentionEntity(person: Called): JsonObject {
  return {
    type: "mention",
    text: mentionText(person),
    mentioned: { id: person.account, name: person.name },
  };
}

/** Whether anything in it would be cut. */
function isMoreThan(room: Room, value: unknown): boolean {
  if (typeof value === "string")
    return value.length > room.passage || value.split("\n", room.lines + 1).length > room.lines;
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value) && value.length > room.lines) return true;
  return Object.values(value).some((inside) => isMoreThan(room, inside));
}
