/** An alarm for operators: what the auditor found that must never be so, and whether it is over. */
import type { Alarm } from "../domain/review/flaw.ts";
import { type Card, plain, time } from "./card.ts";
import { counting, short } from "./literal.ts";

export function alarmCard({ flaws, since, over }: Alarm): Card {
  const title = `Holdpoint itself needs you: ${counting(flaws.length, "flaw")}`;
  const when = [plain("Found "), time(since, "date")];
  return {
    summary: short(
      over === null ? `${title}. ${flaws[0]?.words ?? ""}` : "An alarm of Holdpoint is over",
      300,
    ),
    tone: over === null ? "urgent" : "quiet",
    blocks: [
      { kind: "heading", text: over === null ? title : "This alarm is over" },
      { kind: "list", items: flaws.map(({ words }) => [plain(short(words, 600))]) },
      {
        kind: "note",
        text:
          over === null ? [...when, plain(".")] : [...when, plain(", over "), time(over, "date"), plain(".")],
      },
    ],
  };
}
