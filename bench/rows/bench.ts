/** What every row is given. */
import type { Row } from "../measure/row.ts";

export interface Bench {
  readonly quick: boolean;
  readonly rounds: number;
  /** So many of something; fewer, but at least one, where the bench is only tried out. */
  count(size: number): number;
  /** So many seconds; half a second at most where the bench is only tried out. */
  seconds(length: number): number;
  /** For whoever watches. */
  say(words: string): void;
}

/** One subject of the bench and the rows it fills; none where it can't be measured here, which it says. */
export type Subject = (bench: Bench) => Promise<readonly Row[]>;
