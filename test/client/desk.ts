/** The owner's desk while an adapter asks: what was asked, and her hands on the card of each. */
import type { AskOptions } from "../../src/client/ai.ts";
import { type Holdpoint as Client, createHoldpoint } from "../../src/client/index.ts";
import type { AgentClient } from "../support/agent-client.ts";
import { type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { until } from "./proxy.ts";

export interface Desk {
  readonly house: Holdpoint;
  readonly agent: AgentClient;
  readonly holdpoint: Client;
  /** For the adapter: notes what it asks. */
  readonly options: AskOptions;
  /** Waits until so many calls of a tool were asked about, and for the card of the latest. */
  card(
    tool: string,
    count?: number,
  ): Promise<{ readonly id: string; readonly channel: string; readonly ts: string }>;
  approve(tool: string, count?: number): Promise<void>;
  fill(
    tool: string,
    button: string,
    filling: Readonly<Record<string, string>>,
    count?: number,
  ): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const house = await startHoldpoint({
    settings: (yaml) => yaml.replace("owner: sarah\n", "owner: sarah\n        on_silence: expire\n"),
  });
  const agent = await house.agent();
  const holdpoint = createHoldpoint({ url: house.url, key: agent.key, patience: 300, timeout: 2_000 });
  const asked: { readonly id: string; readonly tool: string }[] = [];
  const card: Desk["card"] = async (tool, count = 1) => {
    const of = () => asked.filter((one) => one.tool === tool);
    await until(() => of().length >= count, `${tool} to be asked about`);
    await house.settle();
    const id = of().at(-1)?.id ?? "";
    const found = house.sarah.cards().find(({ blocks }) => JSON.stringify(blocks).includes(id));
    if (!found) throw new Error(`Sarah has no card of ${id}`);
    return { id, channel: found.channel, ts: found.ts };
  };
  return {
    ...{ house, agent, holdpoint, card },
    options: { onAsked: ({ id }, { name: tool }) => void asked.push({ id, tool }) },
    async approve(tool, count) {
      await house.sarah.press("Approve", await card(tool, count));
    },
    async fill(tool, button, filling, count) {
      const errors = await house.sarah.fill(button, filling, await card(tool, count));
      if (Object.keys(errors).length > 0) throw new Error(JSON.stringify(errors));
    },
  };
}
