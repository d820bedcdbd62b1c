/** What every client here is told, and the words it answers with. */

export const SCENARIOS = ["approve", "edit", "reject", "answer", "timeout"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** One word for what the agent learned; by then it has acted on it. */
export type Word = "approved" | "edited" | "rejected" | "answered" | "expired" | "held" | "unsupported";

export interface Run {
  /** Where Holdpoint listens. */
  readonly url: string;
  /** The agent's own key. */
  readonly key: string;
  /** What the person is going to do. */
  readonly scenario: Scenario;
}

/** What every agent here wants to do. */
export const OFFER = { name: "offer_discount", args: { customer: "dana-17", percent: 20 } } as const;

/** For running one file by hand. */
export function fromEnvironment(): Run {
  const { HOLDPOINT_URL: url = "http://127.0.0.1:3000", HOLDPOINT_KEY: key = "" } = process.env;
  if (key === "") throw new Error("HOLDPOINT_KEY is missing: holdpoint keys create <agent> prints one");
  return { url, key, scenario: (process.env.HOLDPOINT_SCENARIO ?? "approve") as Scenario };
}
