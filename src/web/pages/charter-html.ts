/** A charter as a person reads it: its six parts in order, in sentences. */
import { literal, short } from "../../cards/literal.ts";
import { percent, severityWord } from "../../cards/words.ts";
import type { Charter, TriggerSetting } from "../../domain/charter/charter.ts";
import { TRIGGERS, type Trigger } from "../../domain/charter/trigger.ts";
import { ruleFor } from "../../domain/charter/trigger-rule.ts";
import type { Directory } from "../../domain/people.ts";
import { formatDuration } from "../../domain/time/time.ts";
import { type Html, html, NOTHING } from "../html.ts";
import { personName, spaced } from "./marks.ts";

export function charterHtml(charter: Charter, people: Directory): Html {
  return html`<ol class="charter">
${part("Goal", goal(charter))}
${part("Action boundaries", actions(charter))}
${part("Constraints", constraints(charter))}
${part("Escalation triggers", triggers(charter, people))}
${part("Review rhythm", review(charter))}
${part("Ownership", ownership(charter, people))}
${charter.ends ? part("Ends", ends(charter.ends)) : NOTHING}
</ol>`;
}

type Line = readonly [label: string, words: string | Html | undefined | false];

function part(title: string, lines: readonly Line[]): Html {
  const told = lines.flatMap(([label, words]) =>
    words
      ? [
          html`<div><dt>${label}</dt><dd class="words" dir="auto">${typeof words === "string" ? literal(words) : words}</dd></div>`,
        ]
      : [],
  );
  return html`<li><h3>${title}</h3>${told.length > 0 ? html`<dl class="facts">${told}</dl>` : html`<p class="quiet">Nothing is agreed here.</p>`}</li>`;
}

function goal({ goal }: Charter): readonly Line[] {
  return [
    ["Outcome", goal.outcome],
    ["Measured by", goal.metric && `${goal.metric}${goal.target ? `, target ${goal.target}` : ""}`],
    ["While keeping", goal.guards.join("; ")],
  ];
}

function actions({ actions }: Charter): readonly Line[] {
  const asks = actions.ask_first.map(({ action, when }) => {
    const conditions = Object.entries(when ?? {}).map(
      ([name, condition]) => `${name} ${conditionWords(condition)}`,
    );
    return conditions.length > 0 ? `${action} when ${conditions.join(" and ")}` : action;
  });
  return [
    ["May", names(actions.may)],
    ["Asks first", names(asks)],
    ["Never", names(actions.never)],
  ];
}

function conditionWords(condition: unknown): string {
  if (typeof condition !== "object" || condition === null) return `is ${String(condition)}`;
  return Object.entries(condition)
    .map(
      ([word, value]) =>
        `${word.replaceAll("_", " ")} ${Array.isArray(value) ? value.join(", ") : String(value)}`,
    )
    .join(" and ");
}

function constraints({ constraints }: Charter): readonly Line[] {
  const { budget, frequency } = constraints;
  return [
    [
      "Budget",
      budget &&
        `${new Intl.NumberFormat("en-GB", { style: "currency", currency: budget.currency, maximumFractionDigits: 0 }).format(budget.cap)} per ${budget.per}`,
    ],
    ...frequency.map(
      (limit): Line => [
        "Frequency",
        `${limit.action} at most ${timesWord(limit.at_most)} in ${formatDuration(limit.per)}${limit.by === "subject" ? " for one subject" : " altogether"}`,
      ],
    ),
  ];
}

/** The rules in force: what the charter changes, and the defaults where it changes nothing. */
function triggers(charter: Charter, people: Directory): readonly Line[] {
  return TRIGGERS.map((trigger) => {
    const rule = ruleFor(charter, trigger);
    const setting: TriggerSetting = charter.triggers[trigger] ?? {};
    const first = limitWords(charter, trigger);
    const route =
      rule.route.length > 0 ? `asks ${rule.route.map((id) => personName(people, id)).join(", ")} first` : "";
    const approvals = rule.approvals > 1 ? `${rule.approvals} approvals` : "";
    const rest = [severityWord(rule.severity).toLowerCase(), `holds the ${rule.hold}`, approvals, route]
      .filter(Boolean)
      .join(", ");
    return [
      spaced(trigger),
      setting.off ? "not watched; the agent may still ask by itself" : `${first}${rest}`,
    ];
  });
}

function limitWords({ triggers: set }: Charter, trigger: Trigger): string {
  switch (trigger) {
    case "low_confidence":
      return `confidence below ${percent(set.low_confidence?.below ?? 0.7)}; `;
    case "negative_sentiment":
      return `sentiment below ${set.negative_sentiment?.below ?? -0.4}, or more than ${percent(set.negative_sentiment?.share_above ?? 0.1)} negative replies; `;
    case "budget":
      return `more than ${percent(set.budget?.above ?? 0.8)} used; `;
    case "metric_deviation":
      return `more than ${percent(set.metric_deviation?.beyond ?? 0.3)} off its baseline within ${formatDuration(set.metric_deviation?.within ?? 172_800_000)}; `;
    case "repeated_contact":
      return `the same subject more than ${timesWord(set.repeated_contact?.more_than ?? 1)} within ${formatDuration(set.repeated_contact?.within ?? 2_592_000_000)}; `;
    case "compliance":
      return phraseWords(set.compliance?.phrases);
    case "human_requested":
      return phraseWords(set.human_requested?.phrases);
    default:
      return "";
  }
}

function timesWord(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

function phraseWords(phrases: readonly string[] = []): string {
  return phrases.length > 0
    ? `phrases such as ${phrases
        .slice(0, 5)
        .map((phrase) => `“${short(phrase, 60)}”`)
        .join(", ")}; `
    : "";
}

function review({ review }: Charter): readonly Line[] {
  return [
    ["Daily", review.daily],
    ["Weekly", review.weekly],
    ["Monthly", review.monthly],
    ["Quarterly", review.quarterly],
    ["In", review.channel],
    ["Not signed", review.unsigned && `held after ${formatDuration(review.unsigned.hold_after)}`],
    ["Time zone", review.timezone],
  ];
}

function ownership({ ownership: own, review }: Charter, people: Directory): readonly Line[] {
  const all = (ids: readonly string[]) =>
    ids.map((id) => (id === "rep" ? "the rep of the request" : personName(people, id))).join(", ");
  const within = Object.entries(own.respond_within).map(
    ([severity, ms]) => `${severity} ${formatDuration(ms)}`,
  );
  return [
    ["Owner", all([own.owner])],
    ["Deputies", all(own.deputies)],
    ["May decide too", all(own.approvers)],
    ["Asked next", all(own.escalate_to)],
    ["Fallback", own.fallback],
    ["Asks in", own.ask_in],
    ["Approvals", own.approvals > 1 && `${own.approvals} different people`],
    ["Answers within", within.join(", ")],
    ["Business hours", own.hours && hoursWords(own.hours, review.timezone)],
    ["Quiet hours", own.quiet && `${own.quiet.from} to ${own.quiet.to}, for low severity`],
    [
      "On silence",
      own.on_silence === "expire"
        ? "the request expires; the hold stays"
        : "the agent stays held and people are asked again",
    ],
  ];
}

function hoursWords(hours: NonNullable<Charter["ownership"]["hours"]>, zone: string): string {
  const { days, from, to, holidays, except } = hours;
  const off = holidays.length > 0 ? `, not on ${holidays.length} holidays` : "";
  const always = except.length > 0 ? `; always for ${except.join(", ")}` : "";
  return `${days.join(", ")} ${from} to ${to} ${hours.timezone ?? zone}${off}${always}`;
}

function ends(said: NonNullable<Charter["ends"]>): readonly Line[] {
  return [
    ["Optimises for", said.optimises_for],
    ["Breaks when", said.breaks_when],
    ["Turned off by", said.turned_off_by],
  ];
}

function names(list: readonly string[]): Html | false {
  return (
    list.length > 0 &&
    html`${list.map((name, at) => html`${at > 0 ? ", " : ""}<code>${short(name, 140)}</code>`)}`
  );
}
