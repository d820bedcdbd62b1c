/** What every row is given. */
import type { Row } from "../measure/row.ts";

export interface Bench {
  readonly quick: boolean;
  readonly rounds: number;
  /** For whoever watches. */
  say(words: string): void;
}

/** One subject of the bench and the rows it fills. */
export type Subject = (bench: Bench) => Promise<readonly Row[]>;
