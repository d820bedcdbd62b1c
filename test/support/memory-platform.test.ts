/** The platform that is all memory keeps the contract of a chat platform, as the real ones do. */
import type { Card } from "../../src/cards/card.ts";
import type { Address } from "../../src/domain/delivery/copy.ts";
import { platformContract, type SeenCard } from "../contracts/platform-contract.ts";
import { createMemoryPlatform, wordsOf } from "./memory-platform.ts";
import { movableClock } from "./slack-workspace/index.ts";

const at = (kind: Address["kind"], id: string): Address => ({ platform: "memory", kind, id });

platformContract("Memory", start, { canFind: true, draws: true });

async function start() {
  const clock = movableClock();
  const nobody = at("person", "nobody");
  const memory = createMemoryPlatform({ name: "memory", clock, unreachable: [nobody.id] });
  return {
    ...memory,
    ...{
      person: at("person", "sarah"),
      channel: at("channel", "review"),
      otherChannel: at("channel", "sales"),
    },
    nobody,
    now: () => clock.now(),
    pass: (ms: number) => clock.advance(ms),
    seen: (address: Address) => memory.standing(address).map(seen),
    violations: () => 0,
    async close() {},
  };
}

/** It draws nothing: what stands on the card is what is seen, and no word leads anywhere. */
function seen(card: Card): SeenCard {
  const buttons = card.blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
  return {
    words: wordsOf(card),
    buttons: buttons.map(({ label }) => label),
    links: card.blocks.flatMap((block) => (block.kind === "open" ? [block.url] : [])),
    mentions: [],
  };
}
