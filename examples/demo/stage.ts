/** Puts everything on the stage: the people's chat, Holdpoint with its example charters, an inbox for callbacks, three agents. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../src/config.ts";
import { start } from "../../src/main.ts";
import { type Action, connect } from "./agent.ts";
import { type CallbackInbox, openCallbackInbox } from "./callback-inbox.ts";
import { AGENTS, type AgentId } from "./cast.ts";
import type { Chat } from "./chat.ts";
import type { Narrator } from "./narrator.ts";
import { contentDistribution, renewalAssistant, trialNurture } from "./three-agents.ts";

const CHARTERS = join(import.meta.dirname, "../holdpoint.yaml");

export interface Stage {
  readonly url: string;
  /** A link that opens the console once. */
  readonly consoleLink: string;
  readonly chat: Chat;
  readonly inbox: CallbackInbox;
  readonly nurture: ReturnType<typeof trialNurture>;
  readonly content: ReturnType<typeof contentDistribution>;
  readonly renewal: ReturnType<typeof renewalAssistant>;
  /** What the agents really did, oldest first. */
  readonly happened: readonly { readonly agent: string; readonly action: Action }[];
  /** The state of an agent, as it would be told itself. */
  stateOf(agent: AgentId): Promise<{ readonly state: "running" | "held"; readonly narrower: number }>;
  auditIsWhole(): Promise<{ readonly whole: boolean; readonly lines: number }>;
  close(): Promise<void>;
}

/** Closes the chat too, when it is closed. */
export async function openStage(narrator: Narrator, chat: Chat): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-demo-"));
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const ending = new AbortController();
  const inbox = await openCallbackInbox();
  const config = readConfig(
    {
      PORT: "0",
      DATABASE_URL: `sqlite:${join(folder, "holdpoint.db")}`,
      HOLDPOINT_CONFIG: CHARTERS,
      HOLDPOINT_ADMIN_KEY: adminKey,
      HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
      ...chat.env,
      LOG_LEVEL: "silent",
    },
    (path) => readFileSync(path, "utf8"),
  );
  const running = await start(config).catch(async (error: unknown) => {
    await inbox.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const { url } = running;
  await chat.join(url);

  const happened: { agent: string; action: Action }[] = [];
  const world = { happen: (agent: string, action: Action) => void happened.push({ agent, action }) };
  const keys = new Map<AgentId, string>();

  /** An agent's own credentials, from the same call an agent builder's pipeline would make. */
  async function hire(id: AgentId) {
    const headers = { authorization: `Bearer ${adminKey}` };
    const response = await fetch(`${url}/v1/agents/${id}/keys`, { method: "POST", headers });
    if (response.status !== 201) throw new Error(`No key for ${id}: ${await response.text()}`);
    const issued = (await response.json()) as { readonly key: string; readonly signing_secret: string };
    keys.set(id, issued.key);
    const callbackUrl = inbox.addressFor(id, issued.signing_secret);
    const say = (words: string) => narrator.says(AGENTS[id], words);
    return connect({ url, key: issued.key, callbackUrl, signal: ending.signal, say });
  }

  return {
    url,
    consoleLink: url + (await running.parts.signIn.linkFor(null)),
    chat,
    inbox,
    nurture: trialNurture(await hire("trial-nurture"), world),
    content: contentDistribution(await hire("content-distribution"), world),
    renewal: renewalAssistant(await hire("renewal-assistant"), world),
    happened,
    async stateOf(agent) {
      const headers = { authorization: `Bearer ${keys.get(agent)}` };
      return (await fetch(`${url}/v1/state`, { headers })).json() as ReturnType<Stage["stateOf"]>;
    },
    auditIsWhole: () => running.parts.verifyAudit(),
    async close() {
      ending.abort(new Error("the demo is over"));
      await running.close();
      await Promise.all([chat.close(), inbox.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
