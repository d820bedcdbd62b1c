/** Everything a digest says, one card per agent: what the console shows where a chat shows the beginning. */
import type { AgentReport, Digest } from "../../domain/review/digest.ts";
import { type Card, plain, type Tone } from "../card.ts";
import { short } from "../literal.ts";
import { agentName } from "../words.ts";
import { aboutDigest, agentInDetail } from "./digest-card.ts";
import { headline } from "./digest-headline.ts";
import { byNeed, hasNothingToTell } from "./digest-order.ts";
import { agentsTable, yesterdayTable } from "./digest-period.ts";
import { budgetFacts } from "./digest-present.ts";
import { kindWords } from "./digest-words.ts";

/** Entries of one kind: more than anybody reads, and an end all the same. */
const MOST = 50;

/** What stands over the agents: the first line, which digest it is, and all of them side by side. */
export function overviewCard(digest: Digest): Card {
  const agents = byNeed(digest.agents);
  // A line never begins with the dot between two parts, nor with the sign of a percentage.
  const title = headline(digest, "anybody").replace(/ (?=[·%])/g, "\u00A0");
  return {
    summary: short(`${kindWords(digest.kind).name}: ${title}`, 300),
    tone: "quiet",
    blocks: [
      { kind: "heading", text: title },
      aboutDigest(digest),
      ...(digest.kind === "daily" ? yesterdayTable(agents) : agentsTable(agents, digest.kind)),
    ],
  };
}

/** One agent, whole: numbers, charts and tables. What waits and who decided is linked by the page itself. */
export function reportCard(digest: Digest, report: AgentReport, now: number): Card {
  const name = agentName(report);
  const scope = { now, most: MOST };
  const body = agentInDetail(digest, report, scope, budgetFacts({ ...scope, agents: [report] }));
  const quiet = hasNothingToTell(report);
  return {
    summary: name,
    tone: toneOf(report),
    blocks: [
      { kind: "heading", text: name },
      {
        kind: "note",
        text: [plain(`Owner ${short(report.owner.name, 60)} · charter version ${report.charterVersion}`)],
      },
      ...(quiet
        ? [
            {
              kind: "text" as const,
              text: [plain("Nothing was asked, nothing is held and nothing waits.")],
            },
          ]
        : []),
      ...body,
    ],
  };
}

function toneOf({ now }: AgentReport): Tone {
  if (now.overdue + now.undeliverableCards + now.deadCallbacks > 0) return "urgent";
  return now.waiting > 0 ? "asking" : "quiet";
}
