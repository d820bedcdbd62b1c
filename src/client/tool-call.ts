/** A tool call that a framework has paused: a person is asked, and what they say is put into what the framework can hear. */
import { actionDigest, approvedArgs, asSent } from "./approved-action.ts";
import { HoldpointError } from "./failure.ts";
import type { Holdpoint } from "./index.ts";
import type { Accepted, Args, EscalationRequest, Settled, Subject, Verdict } from "./wire.ts";

export interface ToolCall {
  readonly name: string;
  readonly args: Args;
  /** The framework's words for it. */
  readonly description?: string | undefined;
  readonly argsSchema?: Readonly<Record<string, unknown>> | undefined;
  /** The framework's id of this call. */
  readonly id?: string | undefined;
}

export interface AskOptions {
  /** Whom or what the agent is dealing with, so that holds on them count. */
  readonly subject?: Subject;
  /** What people may do, where that is not what the framework offers. */
  readonly allow?: readonly Verdict[];
  /** More of the request, or other words than the usual. */
  readonly request?: (call: ToolCall) => Partial<EscalationRequest>;
  /** For agents that survive a restart: the same key finds the same escalation. It must never be used for another call. */
  readonly idempotencyKey?: (call: ToolCall) => string;
  readonly onAsked?: (escalation: Accepted, call: ToolCall) => void;
  readonly onSettled?: (escalation: Settled, call: ToolCall) => void;
  readonly signal?: AbortSignal;
}

/** What a person said of one call. */
export type Ruling =
  | { readonly kind: "approved"; readonly args: Args; readonly edited: boolean }
  | { readonly kind: "rejected" | "answered" | "dismissed"; readonly words: string };

/**
 * Asks about one call, and waits for the decision and until nothing else holds the call.
 * Throws a `HoldpointError` where there is no decision, whatever the reason: the framework's run stays paused then.
 */
export async function ruleOn(
  holdpoint: Holdpoint,
  call: ToolCall,
  offered: readonly Verdict[],
  options: AskOptions,
): Promise<Ruling> {
  const { subject, signal, idempotencyKey } = options;
  const ended = signal ? { signal } : {};
  const action = asSent({ name: call.name, args: call.args });
  const allow = options.allow ?? offered;
  const request: EscalationRequest = {
    trigger: "approval_required",
    summary: cut(`May I use ${call.name}?`, 300),
    reason: cut(call.description?.trim() || "This tool waits for a person before each use.", 2_000),
    ...(subject && { subject }),
    ...(allow.length > 0 && { allow }),
    ...(call.argsSchema && { args_schema: call.argsSchema }),
    ...options.request?.(call),
    action,
  };
  const raised = await holdpoint.escalate(request, {
    ...ended,
    ...(idempotencyKey && { idempotencyKey: idempotencyKey(call) }),
  });
  options.onAsked?.(raised.accepted, call);
  const settled = await raised.decision(ended);
  options.onSettled?.(settled, call);
  if (settled.status !== "decided") {
    const words = `Nobody decided about ${call.name}: ${settled.status === "expired" ? "the time ran out" : "it was withdrawn"}`;
    throw new HoldpointError(settled.status, words, { escalation: raised.id });
  }
  const { verdict, reason, response, option } = settled.decision;
  const words = response ?? reason ?? option ?? "";
  switch (verdict) {
    case "approve":
    case "edit": {
      const args = await approvedArgs(action, settled);
      const digest = await actionDigest({ name: call.name, args });
      const wanted = { ...(subject && { subject }), capability: call.name, action: digest };
      await holdpoint.whenReleased({ ...wanted, ...ended });
      return { kind: "approved", args, edited: verdict === "edit" };
    }
    case "reject":
      return { kind: "rejected", words };
    case "respond":
      return { kind: "answered", words };
    case "dismiss":
      return { kind: "dismissed", words };
  }
}

/** A ruling in the words a framework has. */
export type Expressed =
  | { readonly as: "approve" }
  | { readonly as: "edit"; readonly args: Args }
  | { readonly as: "reject" | "respond"; readonly words: string };

/** Says a ruling with what is offered. Throws where that cannot be said without turning it into something else. */
export function express(ruling: Ruling, call: ToolCall, offered: readonly Verdict[]): Expressed {
  const may = (verdict: Verdict) => offered.includes(verdict);
  if (ruling.kind === "approved") {
    if (!ruling.edited && may("approve")) return { as: "approve" };
    if (may("edit")) return { as: "edit", args: ruling.args };
    if (ruling.edited)
      return no(`${call.name} may be used with these arguments only: ${JSON.stringify(ruling.args)}`);
    throw new HoldpointError(
      "refused",
      `${call.name} is approved, and the framework takes no approval of it`,
    );
  }
  if (ruling.kind === "answered")
    return may("respond")
      ? { as: "respond", words: ruling.words }
      : no(`A person answered instead: ${ruling.words}`);
  return no(ruling.words || `A person has ${ruling.kind} this.`);

  function no(words: string): Expressed {
    if (may("reject")) return { as: "reject", words };
    if (may("respond")) return { as: "respond", words };
    throw new HoldpointError(
      "refused",
      `There is a decision about ${call.name} that the framework can't take: ${words}`,
    );
  }
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
