/** What the shapes of interrupts have in common: which decisions they ask for, and how the answer is worded for each. */
import type { AgentCall } from "../../application/agent-route.ts";
import type { Verdict } from "../../domain/charter/trigger.ts";
import type { Decision } from "../../domain/escalation/escalation.ts";

export type ShapeName =
  | "human_interrupt"
  | "hitl_request"
  | "hitlRequest"
  | "tool_approval"
  | "ag_ui"
  | "a2a_task";

/** One question to a person. */
export interface Asked {
  readonly request: Parameters<AgentCall["raise"]>[0];
  /** What the caller can take as an answer, in our words; a person is offered no other. */
  readonly offers: readonly Verdict[];
  /** What the answer has to repeat, such as the caller's own id. */
  readonly repeat?: Readonly<Record<string, string>>;
}

export interface Interrupt {
  readonly shape: ShapeName;
  readonly asked: readonly Asked[];
}

/** One decided question, as its answer needs it. */
export interface Answered {
  readonly decision: Decision;
  readonly offers: readonly Verdict[];
  readonly action: { readonly name: string; readonly args: Readonly<Record<string, unknown>> };
  readonly repeat: Readonly<Record<string, string>>;
}

/** A person's words, however they gave them. */
export function wordsOf({ by, verdict, response, reason, option }: Decision): string {
  return response ?? reason ?? option ?? `${by.name}: ${verdict}`;
}
