/** The reminder: who waits for what, until when, and the way to decide; once settled it says so and asks nothing. */
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { Directory } from "../domain/people.ts";
import { formatDuration } from "../domain/time/time.ts";
import { dueSpan, titleOf } from "./approval-card.ts";
import { askedText } from "./asked.ts";
import { type Block, type Card, plain, strong } from "./card.ts";
import { onEscalation } from "./intent.ts";
import { quoted } from "./literal.ts";
import { agentName, type CardAgent, severityWord } from "./words.ts";

export interface NudgeFacts {
  readonly escalation: Escalation;
  readonly agent: CardAgent;
  readonly people: Directory;
  readonly consoleUrl: string | null;
  readonly now: number;
}

export function nudgeCard({ escalation, agent, people, consoleUrl, now }: NudgeFacts): Card {
  const name = agentName(agent);
  const title = titleOf(escalation, name);
  if (escalation.status !== "open") {
    return {
      summary: `Settled: ${title}`,
      tone: "quiet",
      blocks: [{ kind: "text", text: [strong("Nothing to do any more. "), plain(`${title}.`)] }],
    };
  }
  const waited = formatDuration(now - escalation.createdAt);
  const who = askedText(escalation, people);
  const asked: Block[] =
    who.length > 0 ? [{ kind: "text", text: [...who, plain(`: ${name} still waits.`)] }] : [];
  // After the last round that is posted this message stands for all later ones, so it says how many there were.
  const heading =
    escalation.rounds > 0
      ? `Asked for the ${nth(escalation.rounds + 1)} time: ${title}`
      : `Reminder: ${title}`;
  return {
    summary: heading,
    tone: "urgent",
    blocks: [
      { kind: "heading", text: heading },
      ...asked,
      {
        kind: "text",
        text: [
          strong(severityWord(escalation.severity)),
          plain(` · waiting for ${waited} · due `),
          dueSpan(escalation, now),
          plain(`. It says: ${quoted(escalation.request.summary, 140)}`),
        ],
      },
      {
        kind: "buttons",
        buttons: [
          { label: "Decide", tone: "go", intent: onEscalation("show", escalation) },
          { label: "I'm on it", tone: "plain", intent: onEscalation("acknowledge", escalation) },
        ],
      },
      ...(consoleUrl === null
        ? []
        : [{ kind: "open" as const, label: "Open in the console", url: consoleUrl }]),
    ],
  };
}

/** `2nd`, `3rd`, `11th`. */
function nth(count: number): string {
  const teen = Math.floor(count / 10) % 10 === 1;
  return `${count}${teen ? "th" : (["th", "st", "nd", "rd"][count % 10] ?? "th")}`;
}
