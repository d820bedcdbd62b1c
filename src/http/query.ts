/** Query parameters and ids in paths: what they look like, for every endpoint that takes them. */
import { z } from "zod";
import { AGENT_ID, type AgentId, type EscalationId } from "../domain/ids.ts";
import { notFound } from "./problem.ts";

/** `?wait=30`: seconds to hold the answer back while nothing changes. */
export const waitSeconds = z
  .string()
  .regex(/^(?:[0-5]?[0-9]|60)$/, "whole seconds from 0 to 60")
  .transform(Number)
  .default(0);

/** `?limit=`: how many on one page. */
export const pageLimit = z
  .string()
  .regex(/^(?:[1-9][0-9]?|100)$/, "a number from 1 to 100")
  .transform(Number)
  .default(50);

const ESCALATION_ID = /^esc_[0-9A-HJKMNP-TV-Z]{26}$/i;

/** Ids that are only looked up. */
const PLAIN_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** `?cursor=` */
export const escalationCursor = z
  .string()
  .regex(ESCALATION_ID, "the next_cursor of the page before")
  .transform((id) => id as EscalationId)
  .optional();

export const agentFilter = z
  .string()
  .regex(AGENT_ID, "an agent's id")
  .transform((id) => id as AgentId)
  .optional();

/** An id that cannot be one of ours is an id that is not there: 404 without asking the store. */
export function escalationIn(params: Readonly<Record<string, string>>): EscalationId {
  const id = params.id ?? "";
  if (!ESCALATION_ID.test(id)) throw notFound("such escalation");
  return id as EscalationId;
}

export function agentIn(params: Readonly<Record<string, string>>): AgentId {
  const id = params.agent ?? "";
  if (!AGENT_ID.test(id)) throw notFound("such agent");
  return id as AgentId;
}

/** `what` completes "There is no …". */
export function plainIdIn(params: Readonly<Record<string, string>>, what: string): string {
  const id = params.id ?? "";
  if (!PLAIN_ID.test(id)) throw notFound(what);
  return id;
}
