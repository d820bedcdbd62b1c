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

export type WorkplaceJob = { readonly do: "introduce" } | Clicking;

/** Milliseconds from the press, one per click of a round. */
export interface ClickTimes {
  readonly acknowledged: readonly number[];
  readonly answered: readonly number[];
}

export interface Workplace {
  /** What Holdpoint needs to know of it. */
  readonly env: WorkplaceEnv;
  click(clicking: Omit<Clicking, "do">): Promise<readonly ClickTimes[]>;
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
    stop: () => child.kill(),
  };
}
