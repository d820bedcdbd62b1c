/** One card, as each of its readers is to see it: what decides stands only before those who may decide. */
import type { LookBehind } from "../../application/ports.ts";
import type { Block, Button, Card } from "../../cards/card.ts";
import type { IntentVerb } from "../../cards/intent.ts";
import type { Person } from "../../domain/people.ts";
import type { JsonObject } from "../payload.ts";
import { executing, REFRESH_KEY, TOKEN_KEY } from "./actions.ts";
import { isShared } from "./conversations.ts";
import type { Canvas } from "./render.ts";
import type { UserIds } from "./user-ids.ts";

/** What is drawn, and on what. */
export interface View {
  readonly card: Card;
  readonly canvas: Canvas;
}

export interface Reader {
  /** Entra object id, lower case. */
  readonly object: string;
  /** Where they read it. */
  readonly conversation: string;
}

export interface Views {
  /** As it is posted: what a person sees in their own chat, and what everybody sees in a channel. */
  posted(card: Card, conversation: string): Promise<View>;
  /** As one person sees it. */
  own(card: Card, reader: Reader): Promise<View>;
}

const DECIDING: readonly IntentVerb[] = ["approve", "edit", "reject", "reject_keep", "respond", "dismiss"];
const MOST_NAMES = 5;

export function createViews(parts: {
  readonly token: Canvas["token"];
  readonly consoleUrl: string | null;
  readonly lookBehind: LookBehind;
  readonly userIds: UserIds;
}): Views {
  const { token, consoleUrl, lookBehind, userIds } = parts;
  const plain = { token, consoleUrl, mentions: false, forms: [], refresh: null };

  /** Clients of the people named ask by themselves, when the card comes into sight and whenever it was changed. */
  const refreshing = (id: string, people: readonly string[]): JsonObject => {
    const data = {
      [TOKEN_KEY]: token({ verb: "show", on: id, revision: 0, digest: null }),
      [REFRESH_KEY]: "yes",
    };
    const { fallback: _, ...action } = executing(data, { title: "Refresh" });
    return { action, userIds: people };
  };

  return {
    async posted(card, conversation) {
      const shared = isShared(conversation);
      const mentions = shared && card.blocks.some((block) => block.kind === "buttons");
      const [canvas, id] = [{ ...plain, mentions }, decidedOn(card)];
      // A reminder decides nothing, and leads everybody to their own view.
      if (id === undefined) return { card: shared ? watched(card, []) : card, canvas };
      const behind = await lookBehind(id);
      if (behind === undefined) return { card, canvas };
      const live = { card, canvas: { ...canvas, forms: behind.forms } };
      if (!shared) return live;
      const ids = await userIds(conversation, accountsOf(behind.approvers));
      // Teams did not say who they are: a card that nobody can press would be worse than a press that is refused in words.
      if (ids === undefined) return live;
      return {
        card: watched(card, whoDecides(behind.approvers)),
        canvas: { ...canvas, refresh: refreshing(id, ids) },
      };
    },

    async own(card, { object, conversation }) {
      const id = decidedOn(card);
      const behind = id === undefined ? undefined : await lookBehind(id);
      if (id === undefined || behind === undefined) return { card, canvas: plain };
      const accounts = accountsOf(behind.approvers);
      const ids = isShared(conversation) ? await userIds(conversation, accounts) : undefined;
      const canvas = { ...plain, refresh: ids === undefined ? null : refreshing(id, ids) };
      return accounts.includes(object)
        ? { card, canvas: { ...canvas, forms: behind.forms } }
        : { card: watched(card, whoDecides(behind.approvers)), canvas };
    },
  };
}

/** The request that this card lets somebody decide; a card that leads to requests is a list of several. */
function decidedOn(card: Card): string | undefined {
  const buttons = card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
  if (buttons.some(({ intent }) => intent.verb === "show")) return undefined;
  return buttons.find(({ intent }) => DECIDING.includes(intent.verb))?.intent.on;
}

function accountsOf(approvers: readonly Person[]): readonly string[] {
  return approvers.flatMap(({ accounts }) => accounts.teams?.toLowerCase() ?? []);
}

/** Without the buttons on a request, but for those that only show something; `instead` stands where they stood. */
function watched(card: Card, instead: readonly Block[]): Card {
  const first = card.blocks.findIndex((block) => block.kind === "buttons");
  const blocks = card.blocks.flatMap((block, at): readonly Block[] => {
    if (block.kind !== "buttons") return [block];
    const buttons = block.buttons.filter(isForAll);
    return [...(at === first ? instead : []), ...(buttons.length > 0 ? [{ ...block, buttons }] : [])];
  });
  return { ...card, blocks };
}

function isForAll({ intent }: Button): boolean {
  return intent.verb === "show" || !intent.on.startsWith("esc_");
}

function whoDecides(approvers: readonly Person[]): readonly Block[] {
  const names = approvers.slice(0, MOST_NAMES).map(({ name }) => name);
  const more = approvers.length - names.length;
  const all = more > 0 ? [...names, `${more} more`] : names;
  const [last, before] = [all.at(-1), all.slice(0, -1)];
  if (last === undefined) return [];
  const who = before.length > 0 ? `${before.join(", ")} or ${last}` : last;
  return [
    {
      kind: "note",
      text: [{ kind: "plain", text: `Only ${who} can decide this; its buttons are shown to them.` }],
    },
  ];
}
