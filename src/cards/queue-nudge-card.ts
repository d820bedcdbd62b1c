/** One reminder for many requests: how many still wait, and the way to them; once all are settled it asks nothing. */
import { formatDuration } from "../domain/time/time.ts";
import { dueSpan } from "./approval-card.ts";
import { type Card, plain, strong } from "./card.ts";
import { onQueue } from "./intent.ts";
import { counted, counting } from "./literal.ts";
import { openFirst, type RequestsFacts, titleOfMany } from "./queue-card.ts";
import { severityWord } from "./words.ts";

export function requestsNudgeCard(facts: RequestsFacts): Card {
  const { queue, requests, consoleUrl, now } = facts;
  const open = openFirst(requests);
  const [first] = open;
  if (!first) {
    const words = `All ${counting(requests.length, "request")} are settled.`;
    return {
      summary: `Settled: ${words}`,
      tone: "quiet",
      blocks: [{ kind: "text", text: [strong("Nothing to do any more. "), plain(words)] }],
    };
  }
  const title = `Reminder: ${titleOfMany(open, facts)}`;
  const oldest = Math.min(...open.map(({ createdAt }) => createdAt));
  return {
    summary: title,
    tone: "urgent",
    blocks: [
      { kind: "heading", text: title },
      {
        kind: "text",
        text: [
          strong(severityWord(first.severity)),
          plain(` · waiting for ${formatDuration(now - oldest)} · the first is due `),
          dueSpan(first, now),
        ],
      },
      {
        kind: "buttons",
        buttons: [
          { label: "Show them", tone: "go", intent: onQueue("show", queue) },
          ...(open.length > 1
            ? [
                {
                  label: `Decide all ${counted(open.length)}`,
                  tone: "plain" as const,
                  intent: onQueue("decide_all", queue),
                },
              ]
            : []),
        ],
      },
      ...(consoleUrl === null ? [] : [{ kind: "open" as const, label: "Open the console", url: consoleUrl }]),
    ],
  };
}
