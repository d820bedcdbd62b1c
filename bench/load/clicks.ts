/** The bench's hand on the workplace: a loopback Slack, its people, and what they are to press. */
import { ask, startChild } from "../processes/child.ts";

export interface WorkplaceEnv {
  readonly SLACK_BOT_TOKEN: string;
  readonly SLACK_SIGNING_SECRET: string;
  readonly SLACK_API_URL: string;
}

export interface Clicking {
  readonly do: "click";
  readonly url: string;
  /** Each is asked once a round and presses once. `idleKey` is of an agent that nobody decides about. */
  readonly teams: readonly {
    readonly agent: string;
    readonly key: string;
    readonly account: string;
    readonly idleKey: string;
  }[];
  readonly rounds: number;
  readonly perSecond: number;
  /** Long-polls that are held meanwhile. */
  readonly waiting: number;
}

/** Many escalations at once, for a few owners. */
export interface Bursting {
  readonly do: "burst";
  readonly url: string;
  readonly teams: readonly { readonly agent: string; readonly key: string; readonly account: string }[];
  readonly count: number;
}

export interface Burst {
  readonly raised: readonly {
    readonly id: string;
    readonly action_digest: string | null;
    readonly agent: string;
  }[];
  /** From the last 202 to the last message that an owner got. */
  readonly lastInformed: number;
  /** Of the owner who got the most. */
  readonly messagesEach: number;
  /** Times that Slack said “too many”. */
  readonly refused: number;
  /** From the 202 of one that came alone, before all the others, to its message. */
  readonly lone: number;
}

/** Decisions on the console, evenly over some seconds. */
export interface Settling {
  readonly do: "settle";
  readonly url: string;
  /** `by` is a place in `signInPaths`. */
  readonly decisions: readonly { readonly token: string; readonly by: number }[];
  readonly signInPaths: readonly string[];
  readonly seconds: number;
}

export interface Settled {
  /** Seconds from the last decision to the last message that was posted or drawn anew. */
  readonly seconds: number;
  /** Messages that offer to approve even so. */
  readonly left: number;
}

export type WorkplaceJob = { readonly do: "introduce" } | Clicking | Bursting | Settling;

/** Milliseconds from the press, one per click of a round. */
export interface ClickTimes {
  readonly acknowledged: readonly number[];
  readonly answered: readonly number[];
}

export interface Workplace {
  /** What Holdpoint needs to know of it. */
  readonly env: WorkplaceEnv;
  click(clicking: Omit<Clicking, "do">): Promise<readonly ClickTimes[]>;
  burst(bursting: Omit<Bursting, "do">): Promise<Burst>;
  settle(settling: Omit<Settling, "do">): Promise<Settled>;
  stop(): void;
}

/** `accounts`: the Slack ids of the people in it. */
export async function openWorkplace(accounts: readonly string[]): Promise<Workplace> {
  const child = startChild("load", new URL("workplace.ts", import.meta.url), accounts);
  const { env } = await ask<{ readonly env: WorkplaceEnv }>(child, { do: "introduce" });
  return {
    env,
    click: async (clicking) =>
      (await ask<{ readonly times: readonly ClickTimes[] }>(child, { do: "click", ...clicking })).times,
    burst: async (bursting) =>
      (await ask<{ readonly burst: Burst }>(child, { do: "burst", ...bursting })).burst,
    settle: async (settling) =>
      (await ask<{ readonly settled: Settled }>(child, { do: "settle", ...settling })).settled,
    stop: () => child.kill(),
  };
}
