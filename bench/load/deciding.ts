/** The bench's hand on those who decide and those who are told. */
import { ask, startChild } from "../processes/child.ts";

export interface Deciding {
  readonly do: "release";
  readonly url: string;
  /** A whole HTTP request each, which decides the escalation. */
  readonly decisions: readonly { readonly id: string; readonly request: string }[];
  readonly connections: number;
}

export type ReleaseJob = { readonly do: "introduce" } | Deciding;

export interface Released {
  /** Milliseconds from each decision's request to its callback. */
  readonly times: readonly number[];
  /** From the first request to the last callback. */
  readonly seconds: number;
}

export interface Releases {
  /** Where callbacks are received. */
  readonly sink: string;
  run(deciding: Omit<Deciding, "do">): Promise<Released>;
  stop(): void;
}

export async function startReleases(): Promise<Releases> {
  const child = startChild("load", new URL("releases.ts", import.meta.url), []);
  const { url } = await ask<{ readonly url: string }>(child, { do: "introduce" });
  return {
    sink: url,
    run: async (deciding) =>
      (await ask<{ readonly released: Released }>(child, { do: "release", ...deciding })).released,
    stop: () => child.kill(),
  };
}
