/** The same key and the same bytes get the same answer, for as long as it is kept; anything else under that key is refused. */
import { hash } from "node:crypto";
import type { Agent } from "../domain/agent.ts";
import type { StoredAnswer } from "../domain/step.ts";
import { type Answer, replied } from "./answer.ts";
import type { HttpDoor, KeyReused, Remember } from "./door.ts";
import { Problem } from "./problem.ts";

/** Printable ASCII (draft-ietf-httpapi-idempotency-key-header leaves the form to us). */
const KEY = /^[\x20-\x7e]{1,255}$/;

export interface Keyed {
  readonly agent: Agent;
  /** Keys of one endpoint say nothing about another's. */
  readonly endpoint: string;
  /** Undefined: the caller sent none, and every request is a new one. */
  readonly key: string | undefined;
  readonly raw: Buffer;
}

/** Does it, keeping the answer through `remember` where there is one; `key_reused` when somebody was quicker. */
type Run = (remember: Remember | undefined) => Answer | KeyReused | Promise<Answer | KeyReused>;

export type Once = (keyed: Keyed, run: Run) => Promise<Answer>;

/** Throws `Problem`s: 400 for a bad key, 422 for a key used with another body, 409 while the first one is running. */
export function idempotency(door: Pick<HttpDoor, "store" | "clock" | "noteMismatch">): Once {
  const running = new Set<string>();

  async function replay(stored: StoredAnswer, keyed: Keyed, bodyHash: string): Promise<Answer> {
    if (stored.bodyHash !== bodyHash) {
      await door.noteMismatch({ agent: keyed.agent.id, endpoint: keyed.endpoint });
      throw reused();
    }
    return replied(stored.status, stored.body, { "idempotent-replayed": "true" });
  }

  async function first(keyed: Keyed, key: string, scope: string, run: Run): Promise<Answer> {
    const bodyHash = hash("sha256", keyed.raw, "hex");
    const stored = await door.store.answers.find(scope, key);
    if (stored) return replay(stored, keyed, bodyHash);
    const answer = await run((status, body) => ({
      scope,
      key,
      bodyHash,
      status,
      body,
      at: door.clock.now(),
    }));
    if (!("code" in answer)) return answer;
    // Another process was quicker between the look and the save, and its answer is the one that counts.
    const theirs = await door.store.answers.find(scope, key);
    if (!theirs) throw stillRunning();
    return replay(theirs, keyed, bodyHash);
  }

  return async (keyed, run) => {
    const { key } = keyed;
    if (key === undefined) {
      const answer = await run(undefined);
      // Nothing was to be kept, so it was the agent or the escalation itself that changed meanwhile.
      if ("code" in answer) throw stillRunning();
      return answer;
    }
    if (!KEY.test(key)) throw badKey();
    const scope = `${keyed.agent.id} ${keyed.endpoint}`;
    const mark = `${scope} ${key}`;
    if (running.has(mark)) throw stillRunning();
    running.add(mark);
    try {
      return await first(keyed, key, scope, run);
    } finally {
      running.delete(mark);
    }
  };
}

function badKey(): Problem {
  const detail = "An Idempotency-Key is 1 to 255 printable ASCII characters.";
  return new Problem(400, "bad_idempotency_key", detail);
}

function reused(): Problem {
  const detail =
    "This idempotency key was used before with another body. Repeat a request byte for byte, or use a new key.";
  return new Problem(422, "key_reused", detail, { errors: [{ pointer: "", detail }] });
}

function stillRunning(): Problem {
  const detail = "A request with this idempotency key is still running: repeat it in a second.";
  return new Problem(409, "still_running", detail, { headers: { "retry-after": "1" } });
}
