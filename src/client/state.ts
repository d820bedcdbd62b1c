/** May I act? Asked before every action; what cannot be known counts as held. */
import { backOff, persistently, sleep, type Trying } from "./back-off.ts";
import type { Answer, Send } from "./connection.ts";
import type { Interruptible } from "./escalations.ts";
import { badAnswer, HoldpointError, type Reason } from "./failure.ts";
import { readState } from "./read-answers.ts";
import { sharedCalls } from "./shared-call.ts";
import type { Hold, StateAnswer, Subject } from "./wire.ts";

/** What is wanted; where it is left out, only holds on the whole agent or the fleet count. */
export interface Wanted {
  readonly subject?: Pick<Subject, "type" | "id">;
  /** The name of an action. */
  readonly capability?: string;
  /** The digest of one action with its arguments. */
  readonly action?: string;
}

export type State =
  | { readonly state: "running"; readonly version: number }
  | {
      readonly state: "held";
      readonly reason: "holds";
      readonly holds: readonly Hold[];
      readonly version: number;
    }
  /** Nobody can tell, so nothing may be done. */
  | { readonly state: "held"; readonly reason: Reason; readonly error: HoldpointError };

export interface Waiting extends Wanted, Interruptible {
  /** Told of each new answer that holds. */
  readonly onHeld?: (state: Extract<State, { readonly state: "held" }>) => void;
}

/** Answers kept for their ETag: as many subjects as are asked about again and again. */
const KEPT = 1_000;

/** Seconds one long-poll is held by the server. */
const WAIT = 30;

/** An answer that comes this soon (ms) was not waited for; a few are holds that come and go, many are a fault. */
const AT_ONCE = 1_000;
const AT_ONCE_IS_FINE = 4;

interface Tagged {
  readonly etag: string;
  readonly answer: StateAnswer;
}

export interface StatesOptions {
  readonly send: Send;
  readonly trying: Omit<Trying, "signal">;
}

export function states({ send, trying }: StatesOptions) {
  const kept = new Map<string, Tagged>();
  const asking = sharedCalls<Tagged>();
  const watching = sharedCalls<Answer>();

  async function ask(query: string, signal: AbortSignal): Promise<Tagged> {
    const known = kept.get(query);
    const about = known ? { ifNoneMatch: known.etag } : {};
    const { status, etag, body } = await send({ method: "GET", path: `/v1/state${query}`, signal, ...about });
    if (status === 304 && known) return known;
    const answer = readState(body);
    if (etag === null) throw badAnswer("its ETag is missing");
    const tagged = { etag, answer };
    kept.delete(query);
    kept.set(query, tagged);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return tagged;
  }

  /**
   * The answer as it came. Whoever asks the same while it is under way shares it: it is as old as one round trip, as every
   * answer is by the time it is acted on. Throws where there is none.
   */
  function look({ signal, ...wanted }: Wanted & Interruptible): Promise<Tagged> {
    const query = queryFor(wanted);
    return asking(query, (ended) => ask(query, ended), signal);
  }

  /** Until the agent's holds change: the version is the whole agent's, so one long-poll serves all who wait. */
  async function change(ifNoneMatch: string, signal: AbortSignal | undefined): Promise<void> {
    const call = { method: "GET", path: `/v1/state?wait=${WAIT}`, ifNoneMatch, wait: WAIT } as const;
    await watching(ifNoneMatch, (ended) => send({ ...call, signal: ended }), signal);
  }

  return {
    /** One question, one answer: what goes wrong is “held”, and says why. Throws the signal's reason only. */
    async state(wanted: Wanted & Interruptible = {}): Promise<State> {
      try {
        return asState((await look(wanted)).answer);
      } catch (error) {
        if (!(error instanceof HoldpointError)) throw error;
        return { state: "held", reason: error.reason, error };
      }
    },

    /** The holds on what is wanted; asked again for as long as the patience lasts, and then it throws. */
    async holdsOn(wanted: Wanted & Interruptible): Promise<readonly Hold[]> {
      const { answer } = await persistently({ ...trying, signal: wanted.signal }, () => look(wanted));
      return answer.holds;
    },

    /**
     * Waits until no hold covers what is wanted, however long Holdpoint cannot be reached. Throws a `HoldpointError` only
     * where the question itself is refused.
     */
    async whenReleased({ onHeld, ...wanted }: Waiting = {}): Promise<void> {
      const { signal } = wanted;
      for (let quick = 0; ; ) {
        const began = performance.now();
        try {
          const { etag, answer } = await look(wanted);
          const now = asState(answer);
          if (now.state === "running") return;
          onHeld?.(now);
          await change(etag, signal);
        } catch (error) {
          if (!(error instanceof HoldpointError) || error.reason === "refused") throw error;
          trying.onTrouble?.(error);
          onHeld?.({ state: "held", reason: error.reason, error });
          await sleep(Math.max(backOff(quick), error.retryAfter ?? 0), signal);
        }
        quick = performance.now() - began < AT_ONCE ? quick + 1 : 0;
        if (quick > AT_ONCE_IS_FINE) await sleep(backOff(quick - AT_ONCE_IS_FINE), signal);
      }
    },

    /** Confirms that the agent has stopped, for the holds of a version; without one, for those of this moment. */
    async acknowledge(options: Interruptible & { readonly version?: number } = {}): Promise<void> {
      const { signal } = options;
      await persistently({ ...trying, signal }, async () => {
        const version = options.version ?? readState((await send(general(signal))).body).version;
        await send({ method: "POST", path: "/v1/state/ack", body: { version }, signal });
      });
    },
  };
}
export type States = ReturnType<typeof states>;

function asState({ state, holds, version }: StateAnswer): State {
  return state === "running" ? { state, version } : { state, reason: "holds", holds, version };
}

function general(signal: AbortSignal | undefined) {
  return { method: "GET", path: "/v1/state", signal } as const;
}

function queryFor({ subject, capability, action }: Wanted): string {
  const query = new URLSearchParams();
  if (subject) query.set("subject", `${subject.type}:${subject.id}`);
  if (capability) query.set("capability", capability);
  if (action) query.set("action", action);
  const text = query.toString();
  return text && `?${text}`;
}
