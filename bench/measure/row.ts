/** One line of the result: what was measured, round by round, and the target it is held to. */
import { type Spread, spreadOf } from "./figures.ts";

/** `information`: shown, and held to nothing. */
export type Target = { readonly least: number } | { readonly most: number } | "information";

export interface Row {
  readonly name: string;
  /** `ratio`, `ms`, `s`, `MB`, `KB`, `B`; or what is counted. */
  readonly unit: string;
  readonly target: Target;
  /** One value per round. */
  readonly rounds: readonly number[];
  /** The absolute figures behind it, for people. */
  readonly note: string;
}

type Verdict = "met" | "missed" | "within spread" | "information";

export interface Judged extends Row, Spread {
  readonly verdict: Verdict;
}

/** A target is missed when the median lies beyond it by more than this run's own spread: then it is not the noise. */
export function judge(row: Row): Judged {
  const spread = spreadOf(row.rounds);
  return { ...row, ...spread, verdict: verdictOn(row.target, spread) };
}

function verdictOn(target: Target, { median, min, max }: Spread): Verdict {
  if (target === "information") return "information";
  const beyond = "least" in target ? target.least - median : median - target.most;
  if (beyond <= 0) return "met";
  return beyond > max - min ? "missed" : "within spread";
}

/** The target in words, as it is printed beside the figure. */
export function targetInWords(target: Target): string {
  if (target === "information") return "–";
  return "least" in target ? `≥ ${target.least}` : `≤ ${target.most}`;
}
