/** Asks the charter about a signal: the agent may proceed, or a person is asked and the agent is held. */

import type { Agent } from "../domain/agent.ts";
import { type Finding, judge, whatToCount } from "../domain/charter/judge.ts";
import { actionDigest } from "../domain/escalation/action-digest.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { openEscalation } from "../domain/escalation/open-escalation.ts";
import { type EscalationRequest, type SignalRequest, subjectKey } from "../domain/escalation/request.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { Step, StoredAnswer } from "../domain/step.ts";
import { acceptedView } from "../domain/views.ts";
import { activeHold, type Context, escalationUrl, newOpening, ownerOf } from "./context.ts";

export interface Checking {
  readonly agent: Agent;
  readonly request: SignalRequest;
  readonly remember?: ((status: number, body: string) => StoredAnswer) | undefined;
}

export interface Checked {
  readonly verdict: "proceed" | "hold";
  readonly body: object;
}

export type CheckSignal = (checking: Checking) => Promise<Result<Checked, { readonly code: "key_reused" }>>;

export function checkSignal(context: Context): CheckSignal {
  return async ({ agent, request, remember }) => {
    const now = context.clock.now();
    const counting = whatToCount(agent, request, now);
    const counts = counting.questions.length
      ? await context.store.tallies.count(agent.id, counting.questions)
      : [];
    const found = judge(agent, request, counts, now);
    const findings = found.length > 0 ? await stillToAsk(context, agent, found) : found;
    const contact = counting.contact ? [counting.contact] : [];
    const [gravest] = findings;

    if (!gravest) {
      const body = { verdict: "proceed" as const, charter_version: agent.charterVersion };
      const counted = tallied(agent, [...contact, ...counting.permits], now);
      return save(context, { tallies: counted, audit: [] }, remember, 200, { verdict: "proceed", body });
    }
    const standing = await alreadyAsked(context, agent, gravest, request);
    if (standing) {
      const body = held(context, agent, gravest, standing, await activeHold(context, standing));
      return save(context, { tallies: tallied(agent, contact, now), audit: [] }, remember, 202, {
        verdict: "hold",
        body,
      });
    }
    const { escalation, hold, step } = openEscalation({
      ...newOpening(context, agent),
      request: asEscalation(request, findings, gravest),
      by: { kind: "agent", id: agent.id, name: agent.name },
      rule: gravest.rule,
      never: findings.some((finding) => finding.never),
    });
    const body = held(context, agent, gravest, escalation, hold);
    return save(context, { ...step, tallies: tallied(agent, contact, now) }, remember, 202, {
      verdict: "hold",
      body,
    });
  };
}

/** Leaves out levels on which a person has already let the agent go on in this period or window. */
async function stillToAsk(
  context: Context,
  agent: Agent,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const asked = await Promise.all(
    findings.map(async (finding) => {
      if (finding.standsSince === undefined) return true;
      const latest = await context.store.escalations.latestByRule(
        agent.id,
        finding.trigger,
        finding.rule,
        finding.standsSince,
      );
      return !latest?.decision || latest.decision.verdict === "reject" || latest.decision.keepHeld;
    }),
  );
  return findings.filter((_, at) => asked[at]);
}

/** An open question of the same rule about the same subject and action: asking twice would only make noise. */
async function alreadyAsked(
  context: Context,
  agent: Agent,
  finding: Finding,
  request: SignalRequest,
): Promise<Escalation | undefined> {
  const open = await context.store.escalations.openByTrigger(agent.id, finding.trigger);
  const digest = request.action ? actionDigest(request.action, context.sha256) : null;
  const subject = request.subject && subjectKey(request.subject);
  return open.find(
    (one) =>
      one.rule === finding.rule &&
      (one.request.subject && subjectKey(one.request.subject)) === subject &&
      one.actionDigest === digest,
  );
}

/** The request that a signal becomes. Its words are ours: the agent sent numbers. */
function asEscalation(
  request: SignalRequest,
  findings: readonly Finding[],
  gravest: Finding,
): EscalationRequest {
  const { text, ...rest } = request;
  const rules = findings.map((finding) => finding.rule);
  return {
    ...rest,
    trigger: gravest.trigger,
    severity: gravest.severity,
    summary: sentence(gravest.rule).slice(0, 300),
    reason: `The charter wants a person when: ${rules.join("; ")}.`.slice(0, 2_000),
    ...(text ? { transcript: [{ who: "text checked", text: text.slice(0, 8_000) }] } : {}),
  };
}

function held(
  context: Context,
  agent: Agent,
  finding: Finding,
  escalation: Escalation,
  hold: Awaited<ReturnType<typeof activeHold>>,
) {
  const owner = ownerOf(context, agent);
  const view = acceptedView(escalation, { hold, owner, url: escalationUrl(context, escalation.id) });
  return {
    verdict: "hold" as const,
    rule: finding.rule,
    charter_version: agent.charterVersion,
    escalation: view,
  };
}

async function save(
  context: Context,
  step: Step,
  remember: Checking["remember"],
  status: number,
  checked: Checked,
): Promise<Result<Checked, { readonly code: "key_reused" }>> {
  const nothing = !step.escalation && !step.tallies?.length && !remember;
  if (nothing) return yes(checked);
  const saved = await context.store.save(
    remember ? { ...step, answer: remember(status, JSON.stringify(checked.body)) } : step,
  );
  return saved === "conflict" ? no({ code: "key_reused" }) : yes(checked);
}

function tallied(
  agent: Agent,
  what: readonly { readonly what: string; readonly subject: string }[],
  now: number,
) {
  return what.map((one) => ({ agent: agent.id, ...one, at: now }));
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
