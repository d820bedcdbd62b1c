/** Slack keeps the contract of a chat platform, against the workspace on loopback. */

import type { Address } from "../../../src/domain/delivery/copy.ts";
import { type PlatformStage, platformContract, type SeenCard } from "../../contracts/platform-contract.ts";
import { engineStore, isOnSqlite } from "../../support/engine.ts";
import { buttonsOn, wordsOn } from "../../support/slack-workspace/index.ts";
import { AGENTS, channel, GONE, person, SALES, SARAH, startStage } from "./slack-stage.ts";

platformContract("Slack", start, { canFind: true, draws: isOnSqlite() });

async function start(): Promise<PlatformStage> {
  const kept = await engineStore();
  const { workspace, platform, clock, close } = await startStage({
    slack: { notes: kept.store.notes, paces: kept.store.paces },
  });
  return {
    platform,
    person: person(SARAH),
    channel: channel(AGENTS),
    otherChannel: channel(SALES),
    nobody: person(GONE),
    now: () => clock.now(),
    pass: (ms) => clock.advance(ms),
    seen: (address: Address) =>
      (address.kind === "person" ? workspace.dm(address.id) : workspace.channel(address.id)).map(
        ({ blocks }) => seen(blocks),
      ),
    loseNextReply: () => void workspace.fault({ method: "chat.postMessage", kind: "reply-lost" }),
    limitNext: (address, seconds) =>
      void workspace.fault({
        method: "chat.postMessage",
        channel: address.id,
        kind: "ratelimited",
        retryAfter: seconds,
      }),
    remove: (ref) => workspace.removeMessage({ channel: ref.channel ?? "", ts: ref.ts ?? "" }),
    posts: () => workspace.calls("chat.postMessage").length,
    violations: () => workspace.violations().length,
    async close() {
      await close();
      await kept.close();
    },
  };
}

type Blocks = Parameters<typeof wordsOn>[0];

function seen(blocks: Blocks): SeenCard {
  const pieces = everything(blocks);
  const buttons = buttonsOn(blocks);
  // Only `mrkdwn` is parsed: whatever control sequence stands in one, counts.
  const parsed = pieces.flatMap((piece) =>
    piece.type === "mrkdwn" && typeof piece.text === "string" ? [piece.text] : [],
  );
  const controls = parsed.flatMap((text) =>
    [...text.matchAll(/<([^>]*)>/g)].map(([, inside]) => inside ?? ""),
  );
  return {
    words: wordsOn(blocks),
    buttons: buttons.filter(({ url }) => url === undefined).map(({ text }) => text),
    links: [
      ...buttons.flatMap(({ url }) => (url === undefined ? [] : [url])),
      ...pieces.flatMap((piece) => (piece.type === "link" ? [String(piece.url)] : [])),
      ...controls.filter((inside) => !/^(?:@|!date\^)/.test(inside)),
    ],
    mentions: [
      ...pieces.flatMap(({ type, user_id, range, channel_id }) =>
        ["user", "usergroup", "channel", "broadcast"].includes(String(type))
          ? [String(user_id ?? range ?? channel_id)]
          : [],
      ),
      ...controls.flatMap((inside) => (inside.startsWith("@") ? [inside.slice(1)] : [])),
    ],
  };
}

/** Every object within, itself included. */
function everything(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(everything);
  if (typeof value !== "object" || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(everything)];
}
