/** The words of our own that cards share: triggers, severities, verdicts, surfaces, scopes and the numbers of signals. */
import type { Agent } from "../domain/agent.ts";
import { NEGATIVE_REPLIES } from "../domain/charter/judge.ts";
import type { Severity } from "../domain/charter/severity.ts";
import type { Trigger, Verdict } from "../domain/charter/trigger.ts";
import type { Status } from "../domain/escalation/escalation.ts";
import type { Signal } from "../domain/escalation/request.ts";
import type { Scope } from "../domain/hold.ts";
import type { Surface } from "../domain/people.ts";
import { pastTense } from "../domain/refusal.ts";
import { formatDuration } from "../domain/time/time.ts";
import { type Fact, plain, soft, strong } from "./card.ts";
import { quoted, short } from "./literal.ts";

/** What a card needs to know of the agent it is about. */
export type CardAgent = Pick<Agent, "id" | "name" | "environment" | "charter" | "charterVersion">;

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  low: "Low",
  medium: "Medium",
  high: "High",
  critical: "Critical",
};

export function severityWord(severity: Severity): string {
  return SEVERITY_WORDS[severity];
}

/** Where there is no action to approve: what the agent stands still for. `{}` is the agent's name. */
const STANDS_STILL: Readonly<Record<Trigger, string>> = {
  low_confidence: "{} is unsure: may it carry on?",
  human_requested: "{}: the customer asks for a person",
  negative_sentiment: "{}: replies are turning negative",
  budget: "{}: the budget is nearly used",
  metric_deviation: "{}: a number is off its baseline",
  compliance: "{}: a legal or regulatory concern",
  approval_required: "{} asks: may it carry on?",
  repeated_contact: "{}: the same contact asks again",
  lab_leak: "{}: a lab agent touches production",
  question: "{} has a question",
  flag: "{}: somebody says something feels off",
};

/** Why it stopped, where the agent came by itself and no rule of the charter was checked. */
const REASONS: Readonly<Record<Trigger, string>> = {
  low_confidence: "it is not sure enough to go on",
  human_requested: "the customer asks for a person",
  negative_sentiment: "replies are turning negative",
  budget: "the budget is nearly used",
  metric_deviation: "a number is off its baseline",
  compliance: "there is a legal or regulatory concern",
  approval_required: "this needs approval first",
  repeated_contact: "the same subject asks for a change more than once",
  lab_leak: "a lab agent touches a production subject",
  question: "it needs to know something it has no answer to",
  flag: "somebody says something feels off",
};

/** The card's title, in words of ours: an agent's text is never part of it, its action's name only where that is a plain word. */
export function asking(agent: string, trigger: Trigger, action: string | null, approvable: boolean): string {
  if (action === null) return STANDS_STILL[trigger].replace("{}", () => agent);
  return approvable
    ? `${agent} asks: approve ${actionWord(action)}?`
    : `${agent} stopped before ${actionWord(action)}`;
}

/** An action's name as it may stand in a sentence of ours: a plain identifier, or no name at all. */
export function actionWord(name: string): string {
  return /^[a-z0-9_][\w.:/-]{0,59}$/i.test(name) ? name : "this action";
}

export function agentName(agent: Pick<Agent, "name">): string {
  return short(agent.name, 60);
}

/** Why the agent stopped, as a sentence without its stop: the rule that was met, else what the trigger means. */
export function whyStopped(trigger: Trigger, rule: string | null): string {
  return rule === null ? REASONS[trigger] : short(rule, 240);
}

/** "Approved", "Edited and approved", "Expired". */
export function outcomeWord(status: Exclude<Status, "open">, verdict: Verdict | undefined): string {
  return capital(status === "decided" && verdict ? pastTense(verdict) : status);
}

/** Where somebody decided: in a chat platform by its name, "on the console", "through the API". */
export function surfaceWord(surface: Surface): string {
  switch (surface) {
    case "console":
      return "on the console";
    case "api":
      return "through the API";
    case "cli":
      return "on the command line";
    default:
      return `in ${capital(surface)}`;
  }
}

/** What a hold stops, as the subject of a sentence. */
export function heldThing(scope: Scope, agent: string): string {
  switch (scope.kind) {
    case "fleet":
      return "Every agent";
    case "agent":
      return agent;
    case "subject":
      return `Only ${quoted(scope.subject, 120)}`;
    case "capability":
      return `Only ${actionWord(scope.capability)}`;
    case "action":
      return "Only this action";
  }
}

export function lowerFirst(words: string): string {
  return words.slice(0, 1).toLowerCase() + words.slice(1);
}

export function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** A part of 1 in per cent, exact enough that what fails a limit never reads like the limit. */
export function percent(part: number): string {
  return `${Math.round(part * 10_000) / 100} %`;
}

export function money(amount: number, currency: string): string {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency, maximumFractionDigits: 2 })
    .format(amount)
    .replace(/\.00$/, "");
}

function number(value: number): string {
  return new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 6 }).format(value);
}

/** The numbers the agent reported, each beside the charter's. `charter` is null where it has changed since. */
export function signalFacts(signal: Signal | undefined, charter: Agent["charter"] | null): readonly Fact[] {
  if (!signal) return [];
  const facts: Fact[] = [];
  const fact = (label: string, value: string, agreed: string) =>
    facts.push({
      label,
      value: [strong(value), ...(charter && agreed ? [soft(` (charter: ${agreed})`)] : [])],
    });
  const agreed = charter?.triggers;
  if (signal.confidence !== undefined)
    fact(
      "Confidence",
      percent(signal.confidence),
      `at least ${percent(agreed?.low_confidence?.below ?? 0.7)}`,
    );
  const mood = agreed?.negative_sentiment;
  if (signal.sentiment !== undefined)
    fact("Sentiment", String(signal.sentiment), `not below ${mood?.below ?? -0.4}`);
  if (signal.budget) {
    const { spent, cap, currency } = signal.budget;
    fact(
      "Budget",
      `${percent(spent / cap)} used: ${money(spent, currency)} of ${money(cap, currency)}`,
      `up to ${percent(agreed?.budget?.above ?? 0.8)}`,
    );
  }
  if (signal.metric?.name === NEGATIVE_REPLIES)
    fact("Negative replies", percent(signal.metric.current), `up to ${percent(mood?.share_above ?? 0.1)}`);
  else if (signal.metric) {
    const beyond = agreed?.metric_deviation?.beyond ?? 0.3;
    const { name, baseline, current, window } = signal.metric;
    const drift =
      baseline === 0 ? "" : `, ${current < baseline ? "down" : "up"} ${driftWord(current, baseline)}`;
    const over = window === undefined ? "" : ` within ${formatDuration(window)}`;
    facts.push({
      label: "Metric",
      value: [
        plain(`${quoted(name, 100)}: `),
        strong(`${number(current)} against ${number(baseline)}${drift}${over}`),
        ...(charter ? [soft(` (charter: within ${percent(beyond)})`)] : []),
      ],
    });
  }
  return facts;
}

function driftWord(current: number, baseline: number): string {
  return percent(Math.abs(current / baseline - 1));
}
