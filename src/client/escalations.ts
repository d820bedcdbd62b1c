/** Raising an escalation, and following it to its end: through restarts, dropped connections and long nights. */
import { backOff, persistently, sleep, type Trying } from "./back-off.ts";
import type { Send } from "./connection.ts";
import { HoldpointError } from "./failure.ts";
import { readAccepted, readFollowed } from "./read-answers.ts";
import { webCrypto } from "./web-crypto.ts";
import type { Accepted, EscalationRequest, Outcome, Settled } from "./wire.ts";

export interface Interruptible {
  /** Ends the wait; what is thrown then is its reason. */
  readonly signal?: AbortSignal;
}

export interface EscalateOptions extends Interruptible {
  /** The same key and request give the same escalation, for 30 days. Made up where it is left out. */
  readonly idempotencyKey?: string;
}

export interface EscalationHandle {
  readonly id: string;
  /** Waits until a person has decided, or nobody can any more. Throws where the server refuses to tell. */
  decision(options?: Interruptible): Promise<Settled>;
  /** Takes the question back. What was settled meanwhile stays as it is, and is refused with `code` saying so. */
  withdraw(reason: string, options?: Interruptible): Promise<void>;
  /** Tells what became of the decision. */
  outcome(outcome: Outcome, options?: Interruptible): Promise<void>;
}

export interface Raised extends EscalationHandle {
  readonly accepted: Accepted;
}

/** Seconds one long-poll is held by the server: below the minute after which many proxies give up. */
const WAIT = 30;

/** An answer that comes this soon (ms) was not waited for; a few are news of a delivery, many are a fault. */
const AT_ONCE = 1_000;
const AT_ONCE_IS_FINE = 4;

export interface EscalationsOptions {
  readonly send: Send;
  /** How long to go on trying; waiting for a decision has no end of its own. */
  readonly trying: Omit<Trying, "signal">;
}

export function escalations({ send, trying }: EscalationsOptions) {
  /** Once the door answers, a decision is somebody's to take, and takes as long as it takes. */
  async function settled(id: string, signal: AbortSignal | undefined): Promise<Settled> {
    const path = `/v1/escalations/${encodeURIComponent(id)}`;
    const endless = { ...trying, patience: Number.POSITIVE_INFINITY, signal };
    for (let quick = 0; ; ) {
      const began = performance.now();
      const call = { method: "GET", path: `${path}?wait=${WAIT}`, wait: WAIT, signal } as const;
      const now = await persistently(endless, async () => readFollowed((await send(call)).body, id));
      if (now.status !== "open") return now;
      quick = performance.now() - began < AT_ONCE ? quick + 1 : 0;
      if (quick > AT_ONCE_IS_FINE) await sleep(backOff(quick - AT_ONCE_IS_FINE), signal);
    }
  }

  function post(path: string, body: object, signal: AbortSignal | undefined) {
    return persistently({ ...trying, signal }, () => send({ method: "POST", path, body, signal }));
  }

  function follow(id: string): EscalationHandle {
    const path = `/v1/escalations/${encodeURIComponent(id)}`;
    return {
      id,
      decision: ({ signal } = {}) => settled(id, signal),
      async withdraw(reason, { signal } = {}) {
        try {
          await post(`${path}/withdraw`, { reason }, signal);
        } catch (error) {
          // It was, and the answer that said so was lost.
          if (!(error instanceof HoldpointError && error.code === "withdrawn")) throw error;
        }
      },
      async outcome(outcome, { signal } = {}) {
        await post(`${path}/outcome`, outcome, signal);
      },
    };
  }

  return {
    follow,
    async escalate(request: EscalationRequest, options: EscalateOptions = {}): Promise<Raised> {
      const { signal, idempotencyKey = await newKey() } = options;
      const call = {
        method: "POST",
        path: "/v1/escalations",
        body: request,
        idempotencyKey,
        signal,
      } as const;
      const accepted = await persistently({ ...trying, signal }, async () =>
        readAccepted((await send(call)).body),
      );
      return { ...follow(accepted.id), accepted };
    },
  };
}
export type Escalations = ReturnType<typeof escalations>;

/** What makes a repeated request the same request. */
export async function newKey(): Promise<string> {
  return (await webCrypto()).randomUUID();
}
