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
  /**
   * Sees to it that the given key is the administrators' one, or makes one where there is none yet. Resolves with a key that
   * was made, to be shown once.
   */
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
      const there = await store.keys.ofAdmin();
      if (!given && there.length > 0) return undefined;
      const key = given ?? `hp_admin_${secrets.token()}`;
      const hash = context.sha256(key);
      if (there.some((one) => one.hash === hash)) return undefined;
      const known = await store.keys.findByHash(hash);
      const row: Key = {
        ...{ id: known?.id ?? (`key_${ids.next()}` as KeyId), agent: null, hash, signingSecret: null },
        ...{ createdAt: clock.now(), revokedAt: null },
      };
      const now = clock.now();
      const operator: Named = { id: "operator", name: "Operator" };
      await store.save({
        // A key that is set replaces the one before: whoever changes it wants the old one to stop working.
        keys: [...there.map((one) => ({ ...one, revokedAt: now })), row],
        audit: [
          ...there.map((one) => audited("key.revoked", one, operator)),
          audited("key.issued", row, operator),
        ],
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
