/** Issues and revokes credentials: a key is shown once, and only its hash is kept. */
import type { Key } from "../domain/agent.ts";
import type { AgentId, KeyId } from "../domain/ids.ts";
import type { Named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { Context } from "./context.ts";
import type { Seal } from "./ports.ts";

/** Random secrets, made by the runtime. */
export interface Secrets {
  /** 43 base64url characters: 32 random bytes. */
  token(): string;
  /** `whsec_…` with 32 random bytes. */
  signingSecret(): string;
}

export interface IssuedKey {
  readonly id: KeyId;
  readonly key: string;
  readonly signing_secret: string;
}

export interface IssueKey {
  forAgent(agent: AgentId, by: Named): Promise<Result<IssuedKey, Refusal>>;
  revoke(agent: AgentId, id: string, by: Named): Promise<Result<object, Refusal>>;
  /** The administrator's key as given, or a new one where there is none yet; undefined when one exists already. */
  forAdmin(given: string | undefined): Promise<string | undefined>;
}

export function issueKey(context: Context, seal: Seal, secrets: Secrets): IssueKey {
  const { store, clock, ids } = context;
  return {
    async forAgent(agent, by) {
      if (!(await store.agents.find(agent))) return no({ code: "not_found", what: "such agent" });
      const key = `hp_${agent}_${secrets.token()}`;
      const signing = secrets.signingSecret();
      const row: Key = {
        ...{
          id: `key_${ids.next()}` as KeyId,
          agent,
          hash: context.sha256(key),
          signingSecret: seal.close(signing),
        },
        ...{ createdAt: clock.now(), revokedAt: null },
      };
      await store.save({ keys: [row], audit: [audited("key.issued", row, by)] });
      return yes({ id: row.id, key, signing_secret: signing });
    },
    async revoke(agent, id, by) {
      const row = (await store.keys.of(agent)).find((key) => key.id === id);
      if (!row) return no({ code: "not_found", what: "such key" });
      await store.save({
        keys: [{ ...row, revokedAt: clock.now() }],
        audit: [audited("key.revoked", row, by)],
      });
      return yes({});
    },
    async forAdmin(given) {
      if (given) {
        const known = await store.keys.findByHash(context.sha256(given));
        if (known) return undefined;
      } else if ((await store.keys.countAdmin()) > 0) return undefined;
      const key = given ?? `hp_admin_${secrets.token()}`;
      const row: Key = {
        ...{ id: `key_${ids.next()}` as KeyId, agent: null, hash: context.sha256(key), signingSecret: null },
        ...{ createdAt: clock.now(), revokedAt: null },
      };
      await store.save({
        keys: [row],
        audit: [audited("key.issued", row, { id: "operator", name: "Operator" })],
      });
      return given ? undefined : key;
    },
  };

  function audited(kind: "key.issued" | "key.revoked", key: Key, by: Named) {
    const actor = { kind: "person" as const, ...by };
    return {
      at: clock.now(),
      kind,
      actor,
      agent: key.agent ?? undefined,
      detail: { key: key.id, admin: key.agent === null },
    };
  }
}
