/** A chat platform that is all memory: it keeps what was posted, limits what goes out, loses answers when told to, and obeys no word. */
import type { ChatPlatform, Clock, Drawn } from "../../src/application/ports.ts";
import type { Block, Card, Span } from "../../src/cards/card.ts";
import { type Address, addressKey, type MessageRef } from "../../src/domain/delivery/copy.ts";

export interface MemoryPlatform {
  readonly platform: ChatPlatform;
  /** Cards that stand there, oldest first. */
  standing(address: Address): readonly Card[];
  /** Posts that were asked for so far, whatever became of them. */
  posts(): number;
  loseNextReply(): void;
  limitNext(address: Address, seconds: number): void;
  remove(ref: MessageRef): void;
}

export interface MemoryPlatformOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Addresses that nobody can be reached at, by the platform's id. */
  readonly unreachable?: readonly string[];
}

interface Message {
  readonly at: string;
  readonly ref: MessageRef;
  readonly mark: string;
  card: Card;
}

/** To one address, as chat platforms have it. */
const BETWEEN_POSTS_MS = 1_000;

export function createMemoryPlatform(options: MemoryPlatformOptions): MemoryPlatform {
  const { name, clock, unreachable = [] } = options;
  const messages: Message[] = [];
  const free = new Map<string, number>();
  const limits = new Map<string, number>();
  let asked = 0;
  let losesNext = false;

  const find = (ref: MessageRef) => messages.findIndex(({ ref: { id } }) => id === ref.id);
  const waits = (key: string): Drawn | undefined => {
    const wait = (free.get(key) ?? 0) - clock.now();
    return wait > 0 ? { kind: "later", why: "One message a second.", after: wait, paced: true } : undefined;
  };

  const platform: ChatPlatform = {
    name,
    routes: [],
    async post(to, card, mark) {
      if (unreachable.includes(to.id))
        return { kind: "undeliverable", why: "Nobody can be reached there: choose another account." };
      const key = addressKey(to);
      const wait = waits(key);
      if (wait !== undefined) return wait;
      asked += 1;
      const limit = limits.get(key);
      limits.delete(key);
      free.set(key, clock.now() + (limit ?? BETWEEN_POSTS_MS));
      if (limit !== undefined)
        return { kind: "later", why: "The service said to wait.", after: limit, paced: true };
      const ref = { id: String(asked) };
      messages.push({ at: key, ref, mark, card });
      if (!losesNext) return { kind: "shown", ref };
      losesNext = false;
      return { kind: "uncertain", why: "The answer was lost." };
    },
    async update(ref, card) {
      const message = messages[find(ref)];
      if (message === undefined) return { kind: "gone" };
      message.card = card;
      return { kind: "shown", ref: message.ref };
    },
    async find(to, mark) {
      const found = messages.find((message) => message.at === addressKey(to) && message.mark === mark);
      return found ? { kind: "found", ref: found.ref } : { kind: "absent" };
    },
    check: async (address) =>
      unreachable.includes(address.id) ? "Nobody can be reached there: choose another account." : null,
    async start() {},
    async close() {},
  };

  return {
    platform,
    standing: (address) =>
      messages.filter(({ at }) => at === addressKey(address)).map((message) => message.card),
    posts: () => asked,
    loseNextReply() {
      losesNext = true;
    },
    limitNext: (address, seconds) => void limits.set(addressKey(address), seconds * 1_000),
    remove(ref) {
      const at = find(ref);
      if (at >= 0) messages.splice(at, 1);
    },
  };
}

/** All words of a card, in order. */
export function wordsOf({ blocks }: Card): string {
  return blocks.flatMap(linesOf).join("\n");
}

function linesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case "heading":
    case "code":
      return [block.text];
    case "quote":
      return [block.from ?? "", block.text];
    case "text":
    case "note":
      return [spoken(block.text)];
    case "facts":
      return block.facts.map(({ label, value }) => `${label}: ${spoken(value)}`);
    case "list":
      return block.items.map(spoken);
    default:
      return [];
  }
}

function spoken(text: readonly Span[]): string {
  return text.map((span) => ("text" in span ? span.text : span.kind === "person" ? span.name : "")).join("");
}
