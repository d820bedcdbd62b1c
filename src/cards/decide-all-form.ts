/** The form that decides many requests together: it lists them one by one, and what came of it is told in words. */

import type { Verdict } from "../domain/charter/trigger.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { pastTense } from "../domain/refusal.ts";
import { titleOf } from "./approval-card.ts";
import { type Card, plain, strong, type Text } from "./card.ts";
import type { Field, Filled, Form } from "./form.ts";
import { type Intent, markOf } from "./intent.ts";
import { counted, counting, quoted } from "./literal.ts";
import { nameOfAgent, sameTitle, wholeAction } from "./queue-card.ts";
import { capital, severityWord } from "./words.ts";

/** As many as somebody can read before a tick. */
const LISTED_AT_ONCE = 20;
/** UTF-16 units for all lines, each with what the narrowest platform writes around it. */
const ROOM = 8_000;
const AROUND_LINE = 220;

/** Everybody's decision on all of them at once; an edit is of one request. */
export type JointVerdict = Exclude<Verdict, "edit">;

const CHOICES: Readonly<Record<JointVerdict, string>> = {
  approve: "Approve all of them",
  reject: "Reject all of them",
  respond: "Give all of them the same answer",
  dismiss: "Dismiss all of them",
};

export interface DecideAllFacts {
  /** The requests that are decided, in their order. */
  readonly listed: readonly Escalation[];
  /** Open requests that this form leaves out. */
  readonly more: number;
  /** What all of them allow. */
  readonly verdicts: readonly JointVerdict[];
  readonly agents: readonly { readonly id: string; readonly name: string }[];
}

export function decideAllForm(on: Intent, facts: DecideAllFacts): Form {
  const { listed, verdicts } = facts;
  const worded = verdicts.includes("reject") || verdicts.includes("respond");
  const fields: readonly Field[] = [
    {
      ...{ kind: "choice", name: "verdict", label: "What do you decide?", optional: false },
      choices: verdicts.map((verdict) => ({ value: verdict, label: CHOICES[verdict] })),
    },
    ...(worded
      ? [
          {
            ...{ kind: "lines" as const, name: "words", label: "Your reason or answer", optional: true },
            hint: "Needed to reject and to answer. Every agent is told.",
            max: 3_000,
          },
        ]
      : []),
    {
      ...{ kind: "tick", name: "sure", optional: false, value: false },
      label: `I have read all ${counted(listed.length)}, also what this list does not show of them`,
    },
  ];
  return {
    title: `Decide all ${counted(listed.length)}`,
    send: `Decide all ${counted(listed.length)}`,
    intent: { ...on, listed: listed.map((one) => ({ on: one.id, mark: markOf(one) })) },
    intro: intro(facts),
    fields,
  };
}

/** Of requests that could be decided together, the first ones: as many as one form can list. */
export function listable(
  requests: readonly Escalation[],
  agents: DecideAllFacts["agents"],
): readonly Escalation[] {
  const some = requests.slice(0, LISTED_AT_ONCE);
  let left = ROOM;
  const end = some.findIndex((one) => {
    left -= AROUND_LINE + lineOf(one, nameOfAgent(one, agents)).join("").length;
    return left < 0;
  });
  return end < 0 ? some : some.slice(0, Math.max(1, end));
}

function intro({ listed, more, agents }: DecideAllFacts): Text {
  const same = sameTitle(listed, agents);
  const title = same === null ? [] : [strong(same), plain("\n")];
  const lines = listed.flatMap((one, at): Text => {
    const [says, action] = lineOf(one, same === null ? nameOfAgent(one, agents) : null);
    const numbered = plain(`${at === 0 ? "" : "\n"}${at + 1}. ${says}`);
    return action === "" ? [numbered] : [numbered, { kind: "code", text: action }];
  });
  const rest = `\n${counting(more, "more request")} ${more === 1 ? "is" : "are"} not in this list and stay open.`;
  return [...title, ...lines, ...(more > 0 ? [strong(rest)] : [])];
}

/** In one line, as nobody would read twenty cards: what it says and, apart from that, what would run. */
function lineOf(one: Escalation, agent: string | null): readonly [says: string, action: string] {
  const says = [
    ...(agent === null ? [] : [titleOf(one, agent)]),
    severityWord(one.severity),
    quoted(one.request.summary, 100),
  ].join(" · ");
  if (!one.request.action) return [says, ""];
  const action = wholeAction(one);
  return action === null
    ? [`${says} · what would run is not shown in this list`, ""]
    : [`${says} · `, action];
}

type Read =
  | { readonly ok: true; readonly verdict: JointVerdict; readonly words: string }
  | { readonly ok: false; readonly problems: Readonly<Record<string, string>> };

export function readDecideAll(filled: Filled): Read {
  const chosen = filled.verdict;
  const verdict = Object.keys(CHOICES).find((one): one is JointVerdict => one === chosen);
  const words = typeof filled.words === "string" ? filled.words.trim() : "";
  const problems = {
    ...(verdict ? {} : { verdict: "Choose one of the list." }),
    ...(verdict === "reject" && words === "" ? { words: "Say why: every agent is told your reason." } : {}),
    ...(verdict === "respond" && words === "" ? { words: "Write the answer the agents should have." } : {}),
    ...(filled.sure === true ? {} : { sure: "Read the list, and tick this." }),
  };
  return verdict && Object.keys(problems).length === 0
    ? { ok: true, verdict, words }
    : { ok: false, problems };
}

/** What became of each listed request. */
export type Became =
  | { readonly kind: "decided" }
  /** Somebody else has to approve it too. */
  | { readonly kind: "counted" }
  | { readonly kind: "settled"; readonly by: string | null }
  | { readonly kind: "changed" }
  /** In a sentence of ours. */
  | { readonly kind: "refused"; readonly why: string };

/** "You approved 17 requests. 2 were decided already by Sarah Chen. 1 has changed since it was listed: open it." */
export function becameWords(verdict: JointVerdict, all: readonly Became[]): string {
  const many = (kind: Became["kind"]) => all.filter((one) => one.kind === kind).length;
  const [decided, given, changed] = [many("decided"), many("counted"), many("changed")];
  const was = (count: number) => (count === 1 ? "was" : "were");
  const settledBy = tally(all.flatMap((one) => (one.kind === "settled" && one.by !== null ? [one.by] : [])));
  const settled = many("settled") - settledBy.reduce((sum, [, count]) => sum + count, 0);
  const refused = tally(all.flatMap((one) => (one.kind === "refused" ? [one.why] : [])));
  return [
    ...(decided > 0 ? [`You ${pastTense(verdict)} ${counting(decided, "request")}.`] : []),
    ...(given > 0 ? [`Your approval counts for ${counted(given)} that somebody else must approve too.`] : []),
    ...settledBy.map(([by, count]) => `${counted(count)} ${was(count)} decided already by ${by}.`),
    ...(settled > 0 ? [`${counted(settled)} ${was(settled)} withdrawn or expired meanwhile.`] : []),
    ...(changed > 0
      ? [
          `${counted(changed)} ${changed === 1 ? "has" : "have"} changed since the list was made: decide ${changed === 1 ? "it" : "them"} apart.`,
        ]
      : []),
    ...refused.map(([why, count]) => `${counted(count)} could not be decided: ${capital(why)}`),
  ].join(" ");
}

function tally<Value>(values: readonly Value[]): readonly (readonly [Value, number])[] {
  return [...new Set(values)].map((value) => [value, values.filter((one) => one === value).length]);
}

/** Where not everything went as it was ticked: the person reads it before anything else. */
export function becameCard(words: string): Card {
  return { summary: words, tone: "quiet", blocks: [{ kind: "text", text: [plain(words)] }] };
}
