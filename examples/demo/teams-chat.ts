/** Microsoft's Agents Playground as the people's chat: one for each of them, with Microsoft's own renderer of cards. */
import { randomUUID } from "node:crypto";
import {
  PLAYGROUND,
  type Playground,
  startPlayground,
} from "../../test/support/teams-connector/playground.ts";
import { startPlaygroundBridge } from "../../test/support/teams-connector/playground-bridge.ts";
import { CAST, type CastMember } from "./cast.ts";
import type { Chat, Hands } from "./chat.ts";

const PEOPLE = Object.values(CAST);

export interface TeamsChatOptions {
  /** What the people do, given what each of them sees: by a browser, or by whoever is at the keyboard. */
  readonly hands: (pageOf: (who: CastMember) => string) => Promise<Hands & { close?(): Promise<void> }>;
}

/** @throws in words where npx can't get the Playground */
export async function openTeamsChat(options: TeamsChatOptions): Promise<Chat> {
  const [appId, tenantId, password] = [randomUUID(), randomUUID(), randomUUID()];
  const people = PEOPLE.map(({ teams, name }) => ({ id: teams, name }));
  const bridge = await startPlaygroundBridge({ people, appId, tenantId, password });
  const { endpoint } = bridge;
  const started = await Promise.all(
    people.map(({ id }) => startPlayground({ endpoint, settings: bridge.settings(id) })),
  );
  const playgrounds = new Map<string, Playground>(
    started.flatMap((playground, at) => {
      const id = people[at]?.id;
      return playground && id ? [[id, playground]] : [];
    }),
  );
  const close = async () => {
    for (const playground of playgrounds.values()) playground.close();
    await bridge.close();
  };
  if (playgrounds.size < people.length) {
    await close();
    throw new Error(`npx can't get ${PLAYGROUND}: the first time, it needs the network.`);
  }
  const pageOf = ({ teams }: CastMember) => playgrounds.get(teams)?.url ?? "";
  const hands = await options.hands(pageOf).catch(async (error: unknown) => {
    await close();
    throw error;
  });

  return {
    name: "Teams",
    env: {
      MicrosoftAppId: appId,
      MicrosoftAppPassword: password,
      MicrosoftAppTenantId: tenantId,
      TEAMS_CONNECTOR_URL: bridge.url,
    },
    async join(holdpointUrl) {
      const addresses = [...playgrounds].map(([id, { url }]) => [id, url] as const);
      bridge.join({ bot: `${holdpointUrl}/api/messages`, playgrounds: new Map(addresses) });
    },
    pageOf,
    places: PEOPLE.map((who) => `${who.name.padEnd(18)}${pageOf(who)}`),
    beingOthers: "You are all of them, each in a Playground of their own.",
    command: (words) => words,
    hands,
    closing: () => "every card was drawn by Microsoft's own renderer, and decided there",
    async close() {
      await hands.close?.();
      await close();
    },
  };
}
