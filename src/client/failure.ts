/** The one error of this library: why nothing may be done. */

/**
 * - `unreachable`: no answer, an answer that took too long, or one that says "not now" (5xx, 429)
 * - `bad_answer`: something answered, and it was not what Holdpoint answers
 * - `refused`: Holdpoint said no to the request itself: its key, its fields, its id
 * - `tampered`: the decision is about another action than the one that was asked about
 * - `expired`, `withdrawn`: nobody decided, and nobody will
 */
export type Reason = "unreachable" | "bad_answer" | "refused" | "tampered" | "expired" | "withdrawn";

export interface FailureFacts {
  /** The HTTP status, where there was an answer. */
  readonly status?: number;
  /** The name of the refusal, such as `not_found` or `invalid`. */
  readonly code?: string;
  /** What is wrong with which field, as JSON Pointers into the body. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  /** Milliseconds the server asks to be left alone. */
  readonly retryAfter?: number;
  readonly escalation?: string;
  readonly cause?: unknown;
}

/** Whatever the reason: the action is not approved, and must stay undone. */
export class HoldpointError extends Error {
  readonly reason: Reason;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly errors: FailureFacts["errors"];
  readonly retryAfter: number | undefined;
  readonly escalation: string | undefined;

  constructor(reason: Reason, message: string, facts: FailureFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = "HoldpointError";
    this.reason = reason;
    this.status = facts.status;
    this.code = facts.code;
    this.errors = facts.errors;
    this.retryAfter = facts.retryAfter;
    this.escalation = facts.escalation;
  }
}

export function badAnswer(what: string, status?: number): HoldpointError {
  const words = `The answer is not one of Holdpoint's: ${what}. Check the address, and what stands between.`;
  return new HoldpointError("bad_answer", words, status === undefined ? {} : { status });
}
