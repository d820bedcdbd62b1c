/** Our Teams platform joined to the connector on loopback: what tests of the two together need. */
import type { BehindCard, ChatPlatform } from "../../../src/application/ports.ts";
import type { Card } from "../../../src/cards/card.ts";
import type { Form } from "../../../src/cards/form.ts";
import type { Intent, IntentVerb } from "../../../src/cards/intent.ts";
import { createTeams, type TeamsOptions } from "../../../src/chat/teams/index.ts";
import type { Address } from "../../../src/domain/delivery/copy.ts";
import { startTeamsConnector, type TeamsConnector } from "../../support/teams-connector/index.ts";
import { type ApplicationSide, applicationSide, serve } from "../stage.ts";

export const APP = "11111111-2222-3333-4444-555555555555";
export const TENANT = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
export const SARAH = "00000000-0000-4000-8000-00000000000a";
export const JAMES = "00000000-0000-4000-8000-00000000000b";
export const GUEST = "00000000-0000-4000-8000-00000000000c";
export const STRANGER = "00000000-0000-4000-8000-00000000000d";
export const ABSENT = "00000000-0000-4000-8000-00000000000e";
export const REVIEW = "19:review@thread.tacv2";
export const SALES = "19:sales@thread.tacv2";

export const person = (id: string): Address => ({ platform: "teams", kind: "person", id });
export const channel = (id: string): Address => ({ platform: "teams", kind: "channel", id });

export interface Stage extends ApplicationSide {
  readonly connector: TeamsConnector;
  readonly platform: ChatPlatform;
  /** What stands behind the cards from now on; nothing that the platform knows of, before. */
  standBehind(behind: (id: string) => BehindCard | undefined): void;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly teams?: Partial<TeamsOptions>;
  readonly mostBytes?: number;
}

/** The intent of a button's value as the stage's `token` writes it. */
function intentOf(text: string): Intent | undefined {
  const [, verb, on, revision] = /^token\.([a-z_]+)\.([^.]+)\.(\d+)$/.exec(text) ?? [];
  return verb === undefined || on === undefined
    ? undefined
    : { verb: verb as IntentVerb, on, revision: Number(revision), digest: null };
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { side, parts } = applicationSide();
  const connector = await startTeamsConnector({
    people: [
      { id: SARAH, name: "Sarah Chen" },
      { id: JAMES, name: "James Liu" },
      { id: GUEST, name: "A guest", guest: true },
      { id: STRANGER, name: "From elsewhere", tenant: "ffffffff-0000-4000-8000-000000000000" },
      { id: ABSENT, name: "Without the app", without: true },
    ],
    channels: [
      { id: REVIEW, members: [SARAH, JAMES, GUEST, STRANGER] },
      { id: SALES, members: [SARAH, JAMES] },
    ],
    ...{ appId: APP, tenantId: TENANT, password: "a secret", clock: side.clock },
    ...(options.mostBytes !== undefined && { mostBytes: options.mostBytes }),
  });
  let behind: (id: string) => BehindCard | undefined = () => undefined;
  const platform = createTeams({
    ...parts,
    ...{ appId: APP, appPassword: "a secret", tenantId: TENANT, appType: "SingleTenant" },
    connectorUrl: connector.url,
    lookBehind: async (id) => behind(id),
    intent: intentOf,
    ...options.teams,
  });
  const server = await serve(platform.routes);
  connector.setBotUrl(`${server.url}/api/messages`);
  await platform.start();
  return {
    ...side,
    ...{ connector, platform },
    standBehind(next) {
      behind = next;
    },
    async close() {
      await platform.close();
      await server.close();
      await connector.close();
    },
  };
}

export function settledCard(words: string): Card {
  return { summary: words, tone: "good", blocks: [{ kind: "heading", text: words }] };
}

const onEscalation = { on: "esc_1", revision: 1, digest: null };
/** A form with one field of each kind. */
export const rejectForm: Form = {
  title: "Reject",
  send: "Send",
  intent: { verb: "reject", ...onEscalation },
  intro: [{ kind: "plain", text: "The agent is told your reason." }],
  fields: [
    { kind: "lines", name: "reason", label: "Reason", optional: false, max: 3_000 },
    { kind: "number", name: "percent", label: "Percent", optional: true, whole: true, value: 10 },
    { kind: "tick", name: "again", label: "Again?", optional: true, value: true },
    {
      kind: "choice",
      name: "how",
      label: "How",
      optional: true,
      value: "b",
      choices: [{ value: "b", label: "B" }],
    },
  ],
};
