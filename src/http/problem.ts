/** Every "no" on the wire: problem+json (RFC 9457), with the one table from refusals to statuses. */
import { type FieldProblem, pastTense, type Refusal, wording } from "../domain/refusal.ts";
import { rfc3339 } from "../domain/time/time.ts";

/** `errors` points into the body or, for a query, at the parameter; values that were sent are never repeated. */
interface Extra {
  readonly errors?: readonly FieldProblem[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below an endpoint, and turned into the answer by the server. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, detail: string, extra: Extra = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.code = code;
    this.errors = extra.errors;
    this.headers = extra.headers ?? {};
  }
}

export const PROBLEM_JSON = "application/problem+json; charset=utf-8";

const TITLES: Readonly<Record<number, string>> = {
  400: "The request cannot be read",
  401: "Credentials are missing or not valid",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  408: "The request took too long to arrive",
  409: "Not possible as things stand",
  413: "Too large",
  415: "Not JSON",
  422: "Not as the contract has it",
  429: "Too many",
  431: "Headers too large",
  500: "Something went wrong on our side",
  503: "Not possible right now",
};

/** The JSON of a problem, as RFC 9457 orders it. `type` is a name, not an address: there is nothing to fetch. */
export function problemBody(problem: Problem): string {
  return JSON.stringify({
    type: `urn:holdpoint:problem:${problem.code}`,
    title: TITLES[problem.status] ?? "Refused",
    status: problem.status,
    detail: problem.message,
    ...(problem.errors ? { errors: problem.errors } : {}),
  });
}

const STATUS: Readonly<Record<Refusal["code"], number>> = {
  not_found: 404,
  already_decided: 409,
  already_approved_by_you: 409,
  expired: 409,
  withdrawn: 409,
  not_yours: 403,
  not_yet_yours: 403,
  own_request: 403,
  nobody_may_decide: 409,
  not_in_directory: 403,
  no_standing: 403,
  not_offered: 422,
  stale_card: 409,
  bad_button: 400,
  invalid: 422,
  not_held: 409,
  may_not_resume: 403,
  not_your_absence: 403,
  still_open: 409,
  already_signed: 409,
  charter_changed: 409,
  busy: 409,
};

export function refused(refusal: Refusal): Problem {
  const status = STATUS[refusal.code];
  switch (refusal.code) {
    case "invalid":
      return invalid(refusal.problems);
    case "already_decided": {
      const { verdict, by, at } = refusal;
      const detail = `${by.name} has already ${pastTense(verdict)} this, at ${rfc3339(at)}. Nothing was changed.`;
      return new Problem(status, refusal.code, detail);
    }
    case "withdrawn":
      return new Problem(status, refusal.code, "This has been withdrawn. Nothing was changed.");
    case "busy":
      return new Problem(status, refusal.code, wording(refusal, rfc3339), {
        headers: { "retry-after": "1" },
      });
    default:
      return new Problem(status, refusal.code, wording(refusal, rfc3339));
  }
}

/** 422: it was understood, and is not what the contract asks for. */
export function invalid(problems: readonly FieldProblem[]): Problem {
  const errors = problems.map(({ pointer, detail }) => ({ pointer, detail: sentence(detail) }));
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  const detail = first ? `${first.pointer ? `${first.pointer}: ` : ""}${first.detail}${more}` : "Not valid.";
  return new Problem(422, "invalid", detail, { errors });
}

/** Checks say what is wrong in a few words; on the wire it is a sentence. */
function sentence(words: string): string {
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** 400: the bytes are not what they claim to be. */
export function unreadable(detail: string): Problem {
  return new Problem(400, "unreadable", detail, { errors: [{ pointer: "", detail }] });
}

export function notFound(what: string): Problem {
  return refused({ code: "not_found", what });
}

/** `seconds` is whole, and at least one: what a caller does that reads no words. */
export function tooMany(detail: string, seconds: number): Problem {
  return new Problem(429, "too_many", detail, { headers: { "retry-after": String(seconds) } });
}

export function unavailable(detail: string, seconds: number): Problem {
  return new Problem(503, "unavailable", detail, { headers: { "retry-after": String(seconds) } });
}

/** The challenge names the one scheme a client can answer; signatures are for paths that say so. */
export function unauthorized(detail: string): Problem {
  return new Problem(401, "unauthorized", detail, {
    headers: { "www-authenticate": 'Bearer realm="holdpoint"' },
  });
}

export function forbidden(detail: string): Problem {
  return new Problem(403, "forbidden", detail);
}

/** What somebody learns of a fault of ours: that it is ours. The details are in the log. */
export function fault(): Problem {
  return new Problem(500, "fault", "This is not your doing, and the operator's log has the details.");
}
