/** What every chat platform has to do, whichever it is: its tests build a stage and call this. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChatPlatform } from "../../src/application/ports.ts";
import type { Block, Card } from "../../src/cards/card.ts";
import type { Address, MessageRef } from "../../src/domain/delivery/copy.ts";
import { gallery } from "../support/gallery/gallery.ts";

/** A card as somebody sees it on the platform. */
export interface SeenCard {
  /** All words, in order. */
  readonly words: string;
  /** Labels of the buttons that can be pressed, links excepted. */
  readonly buttons: readonly string[];
  /** Addresses that can be followed. */
  readonly links: readonly string[];
  /** Accounts that are mentioned, and groups such as a whole channel. */
  readonly mentions: readonly string[];
}

/** The platform joined to a fake of its service that keeps state and enforces limits. */
export interface PlatformStage {
  readonly platform: ChatPlatform;
  readonly person: Address;
  readonly channel: Address;
  readonly otherChannel: Address;
  /** Somebody who can't be reached, now or later. */
  readonly nobody: Address;
  now(): number;
  /** Lets time pass, by at least this much. */
  pass(ms: number): void;
  /** What stands there, oldest first. */
  seen(address: Address): readonly SeenCard[];
  /** The next post arrives, and its answer does not. */
  loseNextReply(): void;
  /** The service tells the next post there to wait. */
  limitNext(address: Address, seconds: number): void;
  /** Somebody deletes the message. */
  remove(ref: MessageRef): void;
  /** Posts that the service was asked for so far. */
  posts(): number;
  /** Calls beyond what the service allows. */
  violations(): number;
  close(): Promise<void>;
}

/** `canFind`: whether the platform lets a bot look for its own messages. `draws`: whether every card of ours is drawn, too. */
export function platformContract(
  name: string,
  start: () => Promise<PlatformStage>,
  { canFind, draws }: { readonly canFind: boolean; readonly draws: boolean },
): void {
  describe(`${name} as a chat platform`, () => {
    let stage: PlatformStage;
    beforeEach(async () => {
      stage = await start();
    });
    afterEach(() => stage.close());

    const post = (to: Address, card = simpleCard("Approve send_email?"), mark = "mark-1") =>
      stage.platform.post(to, card, mark, null);

    async function shown(to: Address, card?: Card, mark?: string): Promise<MessageRef> {
      const drawn = await post(to, card, mark);
      if (drawn.kind !== "shown") throw new Error(`not shown: ${JSON.stringify(drawn)}`);
      return drawn.ref;
    }

    it("shows a card to a person and in a channel, with its words and buttons", async () => {
      await shown(stage.person);
      await shown(stage.channel);
      for (const address of [stage.person, stage.channel]) {
        const [card, ...others] = stage.seen(address);
        expect(others).toEqual([]);
        expect(card?.words).toContain("Approve send_email?");
        expect(card?.buttons).toEqual(["Approve", "Reject"]);
      }
    });

    it("draws a card anew where it stands, without its buttons once it is settled", async () => {
      const ref = await shown(stage.channel);
      const settled: Card = {
        summary: "Approved",
        tone: "good",
        blocks: [{ kind: "heading", text: "Approved by Sarah" }],
      };
      expect(await stage.platform.update(ref, settled, "mark-1")).toEqual({ kind: "shown", ref });
      const [card, ...others] = stage.seen(stage.channel);
      expect(others).toEqual([]);
      expect(card?.words).toContain("Approved by Sarah");
      expect(card?.buttons).toEqual([]);
    });

    it("puts a reply where it belongs, beside the card", async () => {
      const ref = await shown(stage.channel);
      stage.pass(2_000);
      const reply = await stage.platform.post(
        stage.channel,
        simpleCard("Everything it knows"),
        "mark-2",
        ref,
      );
      expect(reply).toMatchObject({ kind: "shown" });
      expect(stage.seen(stage.channel).map(({ words }) => words.includes("Everything it knows"))).toEqual([
        false,
        true,
      ]);
    });

    it("does not know what became of a post whose answer was lost, and does not repeat it", async () => {
      stage.loseNextReply();
      const began = stage.now();
      expect(await post(stage.channel)).toMatchObject({ kind: "uncertain" });
      expect(stage.posts()).toBe(1);
      expect(stage.seen(stage.channel)).toHaveLength(1);
      const found = await stage.platform.find(stage.channel, "mark-1", began);
      expect(found).toMatchObject(canFind ? { kind: "found" } : { kind: "unknown" });
      if (found.kind !== "found") return;
      expect(await stage.platform.update(found.ref, simpleCard("Found again"), "mark-1")).toMatchObject({
        kind: "shown",
      });
      expect(stage.seen(stage.channel)[0]?.words).toContain("Found again");
    });

    it("does not find what was never posted", async () => {
      await shown(stage.channel);
      const found = await stage.platform.find(stage.channel, "mark-2", stage.now() - 1_000);
      expect(found.kind).toBe(canFind ? "absent" : "unknown");
    });

    it("says in words that somebody can't be reached", async () => {
      expect(await post(stage.nobody)).toMatchObject({
        kind: "undeliverable",
        why: expect.stringMatching(/\w+ \w+ \w+/),
      });
      expect(await stage.platform.check(stage.nobody)).toMatch(/\w+ \w+ \w+/);
      expect(await stage.platform.check(stage.person)).toBeNull();
    });

    it("knows a card that was deleted, or that it can't be changed any more", async () => {
      const ref = await shown(stage.channel);
      stage.remove(ref);
      expect((await stage.platform.update(ref, simpleCard("x"), "mark-1")).kind).toMatch(/^(?:gone|stale)$/);
    });

    it("waits where the service says so, and nowhere else", async () => {
      stage.limitNext(stage.otherChannel, 30);
      expect(await post(stage.otherChannel)).toMatchObject({ kind: "later", after: 30_000 });
      expect(await post(stage.channel)).toMatchObject({ kind: "shown" });
      stage.pass(30_000);
      expect(await post(stage.otherChannel)).toMatchObject({ kind: "shown" });
    });

    it("holds back what the service would refuse, and loses nothing of it", async () => {
      const waiting = Array.from({ length: 30 }, (_, at) => `mark-${at}`);
      for (let turn = 0; waiting.length > 0 && turn < 500; turn += 1) {
        const [mark] = waiting;
        const drawn = await post(stage.channel, simpleCard(`Card ${mark}`), mark);
        if (drawn.kind === "shown") waiting.shift();
        else {
          expect(drawn).toMatchObject({ kind: "later", paced: true });
          stage.pass(drawn.kind === "later" ? drawn.after : 0);
        }
      }
      expect(stage.seen(stage.channel)).toHaveLength(30);
      expect(stage.violations()).toBe(0);
      expect(stage.posts()).toBe(30);
    });

    if (!draws) return;
    it("shows every card of the gallery, posted and updated, within its limits", async () => {
      const ref = await shown(stage.person);
      for (const { name: title, card } of gallery(stage.now())) {
        stage.pass(3_000);
        expect(await post(stage.person, card, `mark ${title}`), title).toMatchObject({ kind: "shown" });
        expect(await stage.platform.update(ref, card, "mark-1"), title).toMatchObject({ kind: "shown" });
      }
    });

    it("shows words that look like mentions, links or buttons, and obeys none of them", async () => {
      // One message that is drawn anew: reading hundreds each time would take most of the test.
      const ref = await shown(stage.person);
      for (const { name: title, card } of gallery(stage.now())) {
        stage.pass(3_000);
        expect(await stage.platform.update(ref, card, "mark-1"), title).toMatchObject({ kind: "shown" });
        const [seen] = stage.seen(stage.person);
        const offered = offeredBy(card);
        expect(seen?.buttons, title).toEqual(offered.buttons);
        expect(
          seen?.links.filter((link) => !offered.links.includes(link)),
          title,
        ).toEqual([]);
        expect(
          seen?.mentions.filter((account) => !offered.accounts.includes(account)),
          title,
        ).toEqual([]);
      }
    });
  });
}

function simpleCard(title: string): Card {
  const intent = { on: "esc_1", revision: 1, digest: null };
  return {
    summary: title,
    tone: "asking",
    blocks: [
      { kind: "heading", text: title },
      {
        kind: "buttons",
        buttons: [
          { label: "Approve", tone: "go", intent: { ...intent, verb: "approve" } },
          { label: "Reject", tone: "stop", intent: { ...intent, verb: "reject" } },
        ],
      },
    ],
  };
}

/** What a card of ours holds by right: its own buttons, links and people. */
function offeredBy(card: Card) {
  const spans = card.blocks.flatMap(spansOf);
  return {
    buttons: card.blocks.flatMap((block) =>
      block.kind === "buttons" ? block.buttons.map(({ label }) => label) : [],
    ),
    links: [
      ...card.blocks.flatMap((block) => (block.kind === "open" ? [block.url] : [])),
      ...spans.flatMap((span) => (span.kind === "link" ? [span.url] : [])),
    ],
    accounts: spans.flatMap((span) => (span.kind === "person" ? Object.values(span.accounts) : [])),
  };
}

function spansOf(block: Block) {
  switch (block.kind) {
    case "text":
    case "note":
      return block.text;
    case "facts":
      return block.facts.flatMap(({ value }) => value);
    case "list":
      return block.items.flat();
    default:
      return [];
  }
}
