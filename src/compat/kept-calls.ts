/** Keeps which escalation a caller's own id stands for, so that one request sent twice is one escalation. */
import { hash } from "node:crypto";
import type { AgentCall, Conflict } from "../application/agent-route.ts";
import type { Clock, Store } from "../application/ports.ts";
import type { AgentId, EscalationId } from "../domain/ids.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";

type Request = Parameters<AgentCall["raise"]>[0];

/** Ids are made by callers, so each counts within one agent and one kind of call only. */
export interface Place {
  readonly agent: AgentId;
  /** What the id names, such as `humanlayer/function_calls`. */
  readonly kind: string;
  readonly id: string;
}

export interface Kept {
  readonly escalation: EscalationId;
  /** SHA-256 of the body that raised it, as hex. */
  readonly bodyHash: string;
  /** What the caller's shape needs besides the escalation itself. */
  readonly extra: unknown;
}

export interface KeptCalls {
  find(place: Place): Promise<Kept | undefined>;
  /**
   * Raises it, or finds what the same body raised before. Another body under the same id is a conflict. Without a place
   * every request is a new one, and nothing is kept.
   */
  raiseOnce(
    call: Pick<AgentCall, "raise" | "bodyHash">,
    place: Place | undefined,
    request: Request,
    extra: unknown,
  ): Promise<Result<Kept & { readonly again: boolean }, Refusal | Conflict>>;
}

/**
 * What is kept goes into the same transaction as the escalation, with the answers to idempotency keys. Those are forgotten
 * after a month and a person may take longer, so a note without an end says the same.
 */
export function keptCalls(store: Pick<Store, "answers" | "notes">, clock: Clock): KeptCalls {
  async function find(place: Place): Promise<Kept | undefined> {
    const { note, scope, key } = namesOf(place);
    const text = (await store.notes.get(note)) ?? (await store.answers.find(scope, key))?.body;
    return text === undefined ? undefined : (JSON.parse(text) as Kept);
  }

  function same(kept: Kept, bodyHash: string): Result<Kept & { readonly again: boolean }, Conflict> {
    if (kept.bodyHash === bodyHash) return yes({ ...kept, again: true });
    const detail = "This id was used before with another body. Send a new request under a new id.";
    return no({ code: "conflict", detail });
  }

  return {
    find,
    async raiseOnce({ raise, bodyHash }, place, request, extra) {
      if (!place) {
        const raised = await raise(request);
        if (raised.ok) {
          return yes({ escalation: raised.value.id as EscalationId, bodyHash, extra, again: false });
        }
        return no(raised.no.code === "key_reused" ? { code: "busy" } : raised.no);
      }
      const { note, scope, key } = namesOf(place);
      const before = await find(place);
      if (before) {
        const kept = same(before, bodyHash);
        if (kept.ok) await store.notes.set(note, JSON.stringify(before));
        return kept;
      }
      let kept: Kept | undefined;
      const raised = await raise(request, (answer) => {
        const { id } = JSON.parse(answer) as { readonly id: EscalationId };
        kept = { escalation: id, bodyHash, extra };
        return { scope, key, bodyHash, status: 202, body: JSON.stringify(kept), at: clock.now() };
      });
      if (raised.ok && kept) {
        await store.notes.set(note, JSON.stringify(kept));
        return yes({ ...kept, again: false });
      }
      if (!raised.ok && raised.no.code !== "key_reused") return no(raised.no);
      // Somebody was quicker with this id between the look and the save.
      const theirs = await find(place);
      return theirs ? same(theirs, bodyHash) : no({ code: "busy" });
    },
  };
}

/** Ids may be long and hold anything: their digest is neither. */
function namesOf({ agent, kind, id }: Place) {
  const digest = hash("sha256", id, "hex");
  return { note: `${kind}/${agent}/${digest}`, scope: `${agent} ${kind}`, key: digest };
}
