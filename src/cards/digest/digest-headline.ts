/** The first line of a digest: the one thing that matters, then what it amounts to. */
import type { Digest } from "../../domain/review/digest.ts";
import { counted, counting } from "../literal.ts";
import { total } from "./digest-order.ts";
import { decidedIn, share, trend } from "./digest-words.ts";

/** At most 150 characters, none of them an agent's. `to`: the person it was sent to is "you", for others it is not. */
export function headline(digest: Digest, to: "reader" | "anybody"): string {
  return digest.kind === "daily" ? today(digest, to) : lookingBack(digest);
}

/** "2 wait for you, 1 overdue · 14 decided yesterday". */
function today({ agents, reader }: Digest, to: "reader" | "anybody"): string {
  const [waiting, overdue] = [
    total(agents, ({ now }) => now.waiting),
    total(agents, ({ now }) => now.overdue),
  ];
  const lost = total(agents, ({ now }) => now.undeliverableCards + now.deadCallbacks);
  const holds = total(agents, ({ now }) => now.holds.length);
  const decided = total(agents, ({ period }) => decidedIn(period.verdicts));
  const whom = to === "reader" && reader.kind === "person" ? " for you" : "";
  return [
    waiting === 0
      ? `Nothing waits${whom}`
      : `${counted(waiting)} ${waiting === 1 ? "waits" : "wait"}${whom}${overdue > 0 ? `, ${counted(overdue)} overdue` : ""}`,
    ...(lost > 0 ? [`${counted(lost)} could not be delivered`] : []),
    ...(waiting === 0 && holds > 0 ? [`${counting(holds, "hold stands", "holds stand")}`] : []),
    ...(decided > 0 ? [`${counted(decided)} decided yesterday`] : []),
  ].join(" · ");
}

/** "42 requests, 8 more than the week before · 93 % settled in time". */
function lookingBack({ agents, kind }: Digest): string {
  const opened = total(agents, ({ period }) => period.opened);
  const before = total(agents, ({ period }) => period.openedBefore);
  const [inTime, settled] = [
    total(agents, ({ period }) => period.inTime.n),
    total(agents, ({ period }) => period.inTime.of),
  ];
  const overdue = total(agents, ({ now }) => now.overdue);
  const asked = opened === 0 ? "No requests" : counting(opened, "request");
  const compared = opened + before === 0 ? asked : `${asked}, ${trend(opened, before, kind)}`;
  const question = kind === "quarterly" && agents.length > 0 ? "Keep, change or retire? " : "";
  return `${question}${[
    compared,
    ...(overdue > 0 ? [`${counted(overdue)} overdue now`] : []),
    ...(settled > 0 ? [`${share(inTime, settled)} settled in time`] : []),
  ].join(" · ")}`;
}
