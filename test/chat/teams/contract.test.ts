/** Teams keeps the contract of a chat platform, against the connector on loopback. */
import type { Address } from "../../../src/domain/delivery/copy.ts";
import { type PlatformStage, platformContract, type SeenCard } from "../../contracts/platform-contract.ts";
import { engineStore, isOnSqlite } from "../../support/engine.ts";
import { buttonsOn, wordsOn } from "../../support/teams-connector/index.ts";
import { everything, type Json, textAt } from "../../support/teams-connector/json.ts";
import { ABSENT, channel, person, REVIEW, SALES, SARAH, startStage } from "./teams-stage.ts";

platformContract("Teams", start, { canFind: false, draws: isOnSqlite() });

async function start(): Promise<PlatformStage> {
  const kept = await engineStore();
  const { connector, platform, clock, close } = await startStage({
    teams: { notes: kept.store.notes, paces: kept.store.paces },
  });
  return {
    platform,
    person: person(SARAH),
    channel: channel(REVIEW),
    otherChannel: channel(SALES),
    nobody: person(ABSENT),
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    seen: (address: Address) =>
      connector
        .in(address.kind === "person" ? connector.chat(address.id) : address.id)
        .map((message) => seen(connector.card(message))),
    loseNextReply: () => connector.fault({ on: "post", kind: "reply-lost" }),
    limitNext: (address, seconds) =>
      connector.fault({ on: "post", at: address.id, kind: "status", status: 429, retryAfter: seconds }),
    remove: (ref) => connector.remove(ref.conversation ?? "", ref.activity ?? ""),
    posts: () => connector.calls("send", "create").length,
    violations: () => connector.violations().length,
    async close() {
      await close();
      await kept.close();
    },
  };
}

function seen(card: Json | undefined): SeenCard {
  const buttons = buttonsOn(card);
  const pieces = everything(card);
  // Whatever stands in an element that is parsed as Markdown may lead somewhere or call somebody.
  const parsed = pieces.flatMap((piece) => (piece.type === "TextBlock" ? [textAt(piece, "text") ?? ""] : []));
  return {
    words: wordsOn(card),
    buttons: buttons.filter(({ url }) => url === undefined).map(({ title }) => title),
    links: [
      ...pieces.flatMap((piece) => (piece.type === "Action.OpenUrl" ? [String(piece.url)] : [])),
      ...parsed.flatMap((text) => text.match(/\[[^\]]*\]\([^)]*\)|https?:\S+/g) ?? []),
    ],
    mentions: [
      ...pieces.flatMap((piece) =>
        piece.type === "mention" ? [textAt(piece, "mentioned", "id") ?? ""] : [],
      ),
      ...parsed.flatMap((text) => (text.includes("<at>") ? [text] : [])),
    ],
  };
}
