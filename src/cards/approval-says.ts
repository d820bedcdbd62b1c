/** The agent's own words on an approval card, quoted and unverified, and the small print of ours below them. */
import { digestAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import type { Directory } from "../domain/people.ts";
import type { Shown } from "./action.ts";
import { type Block, plain, type Span, strong } from "./card.ts";
import { clip, counting, literal, quoted, short } from "./literal.ts";
import { nameOf } from "./names.ts";
import type { CardAgent } from "./words.ts";

/** UTF-16 units of the reason on the card; what is longer is cut, said, and stands in full in the thread and the console. */
const LONGEST_REASON = 600;
const LINES_OF_REASON = 12;
const OPTIONS = 10;

interface SayingFacts {
  readonly escalation: Escalation;
  readonly agent: CardAgent;
  readonly people: Directory;
}

export function saying(escalation: Escalation, name: string): Shown {
  const { request, status, raisedBy } = escalation;
  const from = raisedBy ? `${short(raisedBy.name, 100)} says` : `${name} says (unverified)`;
  const reason = clip(literal(request.reason), LONGEST_REASON, LINES_OF_REASON);
  const options = status === "open" ? (request.options ?? []) : [];
  const offered = options
    .slice(0, OPTIONS)
    .map((option) => [plain(option.title ? quoted(option.title, 100) : quoted(option.name, 75))]);
  // What a signal opened is told in words of ours, which stand above already: nobody is quoted who said nothing.
  const quotes: Block[] =
    escalation.rule === null
      ? [
          ...(raisedBy ? [] : [{ kind: "quote" as const, from, text: short(request.summary, 600) }]),
          { kind: "quote", from: raisedBy ? from : "The reason given (unverified)", text: reason.text },
        ]
      : [];
  const blocks: Block[] = [
    ...quotes,
    ...(offered.length > 0
      ? [
          { kind: "text" as const, text: [strong("Ready answers it offers:")] },
          { kind: "list" as const, items: offered },
        ]
      : []),
  ];
  const cut = [
    ...(reason.hidden > 0 ? [`${counting(reason.hidden, "character")} of the reason`] : []),
    ...(options.length > OPTIONS ? [counting(options.length - OPTIONS, "ready answer")] : []),
  ];
  return { blocks, cut };
}

/** Whose agent, under which charter, and which arguments: the same eight digits stand in the decision and the callback. */
export function smallPrint({ escalation, agent, people }: SayingFacts): Block {
  const digest = escalation.decision?.actionDigest ?? digestAtStake(escalation);
  return {
    kind: "note",
    text: [
      plain(`Owner: ${nameOf(people, agent.charter.ownership.owner)} · charter ${escalation.charterVersion}`),
      ...(digest
        ? [plain(" · action "), { kind: "code" as const, text: digest.slice("sha256:".length, 15) }]
        : []),
      ...withIt(escalation),
    ],
  };
}

function withIt({ request }: Escalation): readonly Span[] {
  const parts = [
    request.context?.length ? counting(request.context.length, "context entry", "context entries") : "",
    request.transcript?.length ? counting(request.transcript.length, "message") : "",
    request.links?.length ? counting(request.links.length, "link") : "",
  ].filter((part) => part !== "");
  return parts.length > 0 ? [plain(` · with it: ${parts.join(", ")}`)] : [];
}
