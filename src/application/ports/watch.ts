/** What an auditor reads: on a connection of its own that cannot write, so that it neither waits for the store nor harms it. */
import type { Wake } from "../../domain/review/flaw.ts";

/** A line of the audit trail up to which everything was whole. */
export interface Mark {
  readonly seq: number;
  readonly hash: string;
}

export type Walked =
  | { readonly ok: true; readonly mark: Mark }
  | { readonly ok: false; readonly seq: number; readonly why: string };

export interface Watch {
  /** Open escalations after an id, in the order of their ids, each with what wakes it. */
  wakes(after: string, limit: number): Promise<readonly Wake[]>;
  /** Jobs that have been due since before an instant. */
  countOverdue(before: number): Promise<number>;
  /** Walks the audit trail from a mark, which still has to be there, or from its beginning; others are served in between. */
  walkTrail(from: Mark | null): Promise<Walked>;
  close(): Promise<void>;
}
