/** The copies an escalation opens with: one at each address of its first stage, drawn by a job of its own. */
import { type Address, newCopy } from "../delivery/copy.ts";
import { stageIsReachable, wantedCopies } from "../delivery/reach.ts";
import type { CopyId } from "../ids.ts";
import { due } from "../job.ts";
import type { Directory } from "../people.ts";
import type { Step } from "../step.ts";
import type { Escalation } from "./escalation.ts";

/** The surface that is always there: with no chat platform on, an escalation is shown by being listed in it. */
export const CONSOLE: Address = { platform: "console", kind: "channel", id: "queue" };

export interface Showing {
  readonly people: Directory;
  /** The chat platforms that are on. */
  readonly platforms: readonly string[];
  readonly newCopyId: () => CopyId;
  readonly now: number;
}

/** Written with the escalation itself: publishing it later would cost every accept another commit. */
export function firstCopies(
  escalation: Escalation,
  showing: Showing,
): Required<Pick<Step, "copies" | "jobs">> {
  const { people, platforms, newCopyId, now } = showing;
  const about = { escalation: escalation.id, createdAt: now };
  if (platforms.length === 0) {
    const listed = newCopy({ ...about, id: newCopyId(), part: "card", address: CONSOLE, state: "shown" });
    return { copies: [listed], jobs: [] };
  }
  // Somebody else has to be asked at once: that is for publishing to find out.
  if (!stageIsReachable(escalation, [], people, platforms))
    return { copies: [], jobs: [due("publish", escalation.id, now)] };
  const copies = wantedCopies(escalation, [], people, platforms).map((wanted) =>
    newCopy({ ...about, ...wanted, id: newCopyId() }),
  );
  return { copies, jobs: copies.map((copy) => due("draw", copy.id, now)) };
}
