/** A step: everything one change writes, in one transaction or not at all. */

import type { Agent, Key } from "./agent.ts";
import type { AuditLine } from "./audit.ts";
import type { Absence } from "./chain/absence.ts";
import type { Callback } from "./delivery/callback.ts";
import type { Copy, CopySeen } from "./delivery/copy.ts";
import type { Escalation } from "./escalation/escalation.ts";
import type { Hold } from "./hold.ts";
import type { Due, JobRun } from "./job.ts";
import type { Named } from "./people.ts";
import type { Count } from "./review/counts.ts";
import type { Digest, Inspection } from "./review/digest.ts";

export type HoldChange =
  | { readonly change: "place"; readonly hold: Hold }
  | { readonly change: "release"; readonly hold: Hold; readonly by: Named; readonly at: number }
  /** The hold outlives its escalation: from now on only a person's resume releases it. */
  | { readonly change: "keep"; readonly hold: Hold; readonly by: Named; readonly reason: string }
  | { readonly change: "confirm"; readonly hold: Hold; readonly at: number };

/** The first answer to a key, kept 30 days and given again to whoever repeats it. */
export interface StoredAnswer {
  readonly scope: string;
  readonly key: string;
  /** SHA-256 of the raw body. */
  readonly bodyHash: string;
  readonly status: number;
  readonly body: string;
  readonly at: number;
}

/** One thing that happened on a subject, counted for frequency limits and repeated contact. */
export interface Tally {
  readonly agent: string;
  /** `action:send_email`, or the trigger whose rule counts it. */
  readonly what: string;
  readonly subject: string;
  readonly at: number;
}

export interface Step {
  /** `before` is the revision that was read (0: none); another one in the store makes the whole step a conflict. */
  readonly escalation?: { readonly before: number; readonly after: Escalation };
  readonly agent?: { readonly before: number; readonly after: Agent; readonly by: Named };
  readonly keys?: readonly Key[];
  readonly holds?: readonly HoldChange[];
  readonly absences?: readonly Absence[];
  readonly copies?: readonly Copy[];
  /** Copies the step was made from: one that stands differently by now makes the whole step a conflict. */
  readonly copiesSeen?: readonly CopySeen[];
  readonly callbacks?: readonly Callback[];
  readonly jobs?: readonly Due[];
  /** Keys of jobs that are no longer wanted. */
  readonly cancelled?: readonly string[];
  readonly answer?: StoredAnswer;
  readonly tallies?: readonly Tally[];
  /** What digests will count of it. */
  readonly counts?: readonly Count[];
  /** A digest that is there already for its schedule and date makes the whole step a conflict. */
  readonly digest?: Digest;
  /** One that is there already for its digest and agent makes the whole step a conflict. */
  readonly inspection?: Inspection;
  /** The run of a job that did this outside, such as a call: once somebody has taken the job over, the whole step is a conflict. */
  readonly run?: JobRun;
  readonly audit: readonly AuditLine[];
}
