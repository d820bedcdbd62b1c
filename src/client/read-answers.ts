/** Answers are believed only where they have the shape of the contract: anything else is a bad answer, and holds. */
import { badAnswer } from "./failure.ts";
import type { Accepted, Asked, Decision, Followed, StateAnswer, Verdict } from "./wire.ts";

type Fields = Readonly<Record<string, unknown>>;

const VERDICTS: readonly string[] = ["approve", "edit", "reject", "respond", "dismiss"] satisfies Verdict[];
const ENDS: readonly string[] = ["open", "expired", "withdrawn"];
const DIGEST = /^sha256:[0-9a-f]{64}$/;

export function readAccepted(body: unknown): Accepted {
  const fields = object(body, "an accepted escalation");
  need(isId(fields.id), "id");
  need(fields.status === "open", "status");
  need(isDigest(fields.action_digest), "action_digest");
  need(fields.hold === null || isText(object(fields.hold, "hold").id), "hold");
  return body as Accepted;
}

export function readAsked(body: unknown, status: number): Asked {
  const fields = object(body, "a verdict on a signal");
  // The word and the status have to agree: half an answer lets nobody act.
  if (fields.verdict === "proceed" && status === 200) return body as Asked;
  need(fields.verdict === "hold" && status === 202, "verdict");
  readAccepted(fields.escalation);
  return body as Asked;
}

/** `id`: the one that was asked about. */
export function readFollowed(body: unknown, id: string): Followed {
  const fields = object(body, "an escalation");
  need(fields.id === id, "id");
  if (fields.status === "decided") checkDecision(object(fields.decision, "decision"));
  else need(ENDS.includes(fields.status as string) && (fields.decision ?? null) === null, "status");
  return body as Followed;
}

export function readState(body: unknown): StateAnswer {
  const fields = object(body, "a state");
  need(Number.isInteger(fields.version), "version");
  need(Array.isArray(fields.holds), "holds");
  const held = (fields.holds as readonly unknown[]).length > 0;
  need(fields.state === (held ? "held" : "running"), "state");
  return body as StateAnswer;
}

function checkDecision(fields: Fields): asserts fields is Fields & Decision {
  need(VERDICTS.includes(fields.verdict as string), "decision.verdict");
  need(isText(object(fields.by, "decision.by").id), "decision.by");
  need(isDigest(fields.action_digest), "decision.action_digest");
  if (fields.verdict === "edit" || fields.args !== undefined) object(fields.args, "decision.args");
}

function object(value: unknown, what: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw badAnswer(`${what} is missing`);
  return value as Fields;
}

function need(fine: boolean, field: string): void {
  if (!fine) throw badAnswer(`its ${field} is not what the contract says`);
}

function isText(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

function isId(value: unknown): boolean {
  return typeof value === "string" && /^esc_\w+$/.test(value);
}

function isDigest(value: unknown): boolean {
  return value === null || (typeof value === "string" && DIGEST.test(value));
}
