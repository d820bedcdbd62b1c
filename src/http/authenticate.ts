/** Finds out who is calling: a key in the Authorization header, or a Standard Webhooks signature. */
import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { Agent, Key } from "../domain/agent.ts";
import { AGENT_ID, type AgentId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { HttpDoor, WebhookSecrets } from "./door.ts";
import { type Problem, unauthorized } from "./problem.ts";
import { recent } from "./recent.ts";

/** `limitKey` names the credential, for limits that go by credential. */
export type Caller =
  | { readonly kind: "agent"; readonly agent: Agent; readonly limitKey: string }
  | { readonly kind: "admin"; readonly by: Named; readonly limitKey: string };

export type AgentCaller = Extract<Caller, { kind: "agent" }>;

/** `hp_<agent>_<32 random bytes as base64url>`; an administrator's has `admin` in the agent's place. */
const BEARER = /^Bearer +(hp_([a-z0-9-]{1,63})_[A-Za-z0-9_-]{43})$/i;
const ADMIN = "admin";

const UNKNOWN = "This key is not known, or it has been revoked.";

export interface Authenticator {
  /** Who holds the key in an Authorization header. Throws a 401 `Problem`; answers without waiting where it can. */
  bearer(authorization: string | undefined): Caller | Promise<Caller>;
  /** The agent named in the path, if one of its secrets signed these bytes; and the webhook's id. Throws a 401 `Problem`. */
  signed(
    agent: string,
    headers: IncomingHttpHeaders,
    raw: Buffer,
  ): Promise<{ readonly caller: AgentCaller; readonly id: string }>;
  /** The agent of that id, for a signature somebody else has checked; undefined where nobody knows it. */
  named(agent: string): Promise<AgentCaller | undefined>;
}

/**
 * Keys are found by their SHA-256, so that no comparison ever sees the key itself and its timing tells nothing.
 * What was found is remembered until the agent changes.
 */
export function authenticator(
  door: Pick<HttpDoor, "store" | "clock" | "verifyWebhook" | "signingSecrets">,
): Authenticator {
  const { store } = door;
  const holders = recent<Caller>(door.clock);
  const signers = recent<{ readonly caller: AgentCaller; readonly secrets: WebhookSecrets }>(door.clock);

  const forget = (agents: Iterable<string>) => {
    for (const agent of agents) {
      holders.forget(agent);
      signers.forget(agent);
    }
  };
  store.onCommit((step) => {
    forget((step.keys ?? []).map((key) => key.agent ?? ADMIN));
    if (step.agent) forget([step.agent.after.id]);
  });
  // What nobody knows was missed ages out within seconds.
  store.onElsewhere((news) => forget(news === "anything" ? [] : news.agents));

  async function lookUp(digest: string, named: string): Promise<Caller> {
    const key = await store.keys.findByHash(digest);
    if (!key || key.revokedAt !== null || (key.agent ?? ADMIN) !== named) throw unauthorized(UNKNOWN);
    if (key.agent === null) return administrator(key);
    const agent = await store.agents.find(key.agent);
    if (!agent) throw unauthorized(UNKNOWN);
    return { kind: "agent", agent, limitKey: key.id };
  }

  async function lookUpSigner(agent: AgentId) {
    const [found, secrets] = await Promise.all([store.agents.find(agent), door.signingSecrets(agent)]);
    if (!found) return undefined;
    const caller: AgentCaller = { kind: "agent", agent: found, limitKey: `hooks/${agent}` };
    return { caller, secrets };
  }

  async function signerNamed(named: string) {
    const agent = named as AgentId;
    if (!AGENT_ID.test(named)) return undefined;
    return signers.get(agent) ?? (await signers.load(agent, agent, () => lookUpSigner(agent)));
  }

  return {
    named: async (agent) => (await signerNamed(agent))?.caller,

    bearer(authorization) {
      const match = BEARER.exec(authorization ?? "");
      const [, key, named] = match ?? [];
      if (!key || !named) throw malformed(authorization);
      const digest = hash("sha256", key, "hex");
      return holders.get(digest) ?? holders.load(digest, named, () => lookUp(digest, named));
    },

    async signed(named, headers, raw) {
      const signer = await signerNamed(named);
      const verified = door.verifyWebhook(headers, raw, signer?.secrets ?? []);
      // Without a known agent there are no secrets, so this is also what somebody hears who guesses at names.
      if (!verified.ok || !signer) {
        throw unauthorized(verified.ok ? UNKNOWN : `The signature was not accepted. ${verified.why}`);
      }
      return { caller: signer.caller, id: verified.id };
    },
  };
}

function administrator(key: Key): Caller {
  return { kind: "admin", by: { id: `admin/${key.id}`, name: "Administrator" }, limitKey: key.id };
}

function malformed(authorization: string | undefined): Problem {
  return unauthorized(
    authorization === undefined
      ? "Send the header Authorization: Bearer hp_…, with a key from `holdpoint keys create <agent>`."
      : "The Authorization header is not of the form Bearer hp_<agent>_<43 characters>.",
  );
}
