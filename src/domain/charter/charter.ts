/** The charter: the delegation agreed for one agent, in six parts, checked when it is written and versioned for ever. */
import { z } from "zod";
import { AGENT_ID, RESERVED_AGENT_IDS } from "../ids.ts";
import { DAY, duration, HOUR } from "../time/time.ts";
import { isTimeZone, timeOfDay, WEEKDAYS } from "../time/zoned-time.ts";
import { SEVERITIES } from "./severity.ts";
import { HOLD_SCOPES, VERDICTS } from "./trigger.ts";

const line = z.string().trim().min(1).max(500);
const personId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, "a person's id from the people list, such as sarah");
const actionName = z.string().min(1).max(100);
const share = z.number().min(0).max(1);
const phrases = z.array(z.string().trim().min(2).max(200)).max(200);

/** `slack:C0123456789`: a platform and a channel on it. */
export const channel = z
  .string()
  .regex(/^[a-z]+:[^\s:][^\s]{0,200}$/, "a platform and a channel, such as slack:C0123456789");

/** A condition on one argument of an action; a bare value means "is". */
const condition = z.union([
  z.strictObject({
    above: z.number().optional(),
    below: z.number().optional(),
    is: z.union([z.string(), z.number(), z.boolean()]).optional(),
    one_of: z.array(z.union([z.string(), z.number()])).optional(),
  }),
  z.string(),
  z.number(),
  z.boolean(),
]);

const askFirst = z.union([
  actionName.transform((action) => ({ action, when: undefined })),
  z.strictObject({ action: actionName, when: z.record(z.string(), condition).optional() }),
]);

/** What every trigger may change; `off` silences its rules for signals (an agent may still escalate by itself). */
const changes = {
  severity: z.enum(SEVERITIES).optional(),
  hold: z.enum(HOLD_SCOPES).optional(),
  allow: z.array(z.enum(VERDICTS)).min(1).optional(),
  approvals: z.int().min(1).max(5).optional(),
  route: z.array(personId).max(10).optional(),
  off: z.boolean().optional(),
};

const triggers = z.strictObject({
  low_confidence: z.strictObject({ ...changes, below: share.default(0.7) }).optional(),
  human_requested: z.strictObject({ ...changes, phrases: phrases.optional() }).optional(),
  negative_sentiment: z
    .strictObject({
      ...changes,
      below: z.number().min(-1).max(1).default(-0.4),
      share_above: share.default(0.1),
    })
    .optional(),
  budget: z.strictObject({ ...changes, above: z.number().min(0).max(10).default(0.8) }).optional(),
  metric_deviation: z
    .strictObject({
      ...changes,
      beyond: z.number().min(0).max(100).default(0.3),
      within: duration.default(2 * DAY),
    })
    .optional(),
  compliance: z.strictObject({ ...changes, phrases: phrases.optional() }).optional(),
  approval_required: z.strictObject(changes).optional(),
  repeated_contact: z
    .strictObject({
      ...changes,
      more_than: z.int().min(1).max(100).default(1),
      within: duration.default(30 * DAY),
      phrases: phrases.optional(),
    })
    .optional(),
  lab_leak: z
    .strictObject({ ...changes, lab_subjects: z.array(z.string().min(1).max(200)).optional() })
    .optional(),
  question: z.strictObject(changes).optional(),
  flag: z.strictObject(changes).optional(),
});

const timezone = z.string().refine(isTimeZone, "an IANA time zone, such as Europe/London");
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day, such as 09:00");

/** When the time of a stage counts. A window that ends at or before its beginning ends on the next day. */
const hours = z
  .strictObject({
    /** Absent: the zone of the review. */
    timezone: timezone.optional(),
    days: z.array(z.enum(WEEKDAYS)).min(1).default(["mon", "tue", "wed", "thu", "fri"]),
    from: clockTime,
    to: clockTime,
    holidays: z.array(z.iso.date("a date, such as 2026-12-25")).max(500).default([]),
    /** Severities whose time always counts. */
    except: z.array(z.enum(SEVERITIES)).default(["critical"]),
  })
  .refine(
    ({ from, to }) => timeOfDay(to) <= timeOfDay(from) || timeOfDay(to) - timeOfDay(from) >= HOUR,
    "hours shorter than one hour a day: nobody could be asked in time",
  );

/** When nothing of low severity is posted. */
const quiet = z
  .strictObject({ from: clockTime, to: clockTime, timezone: timezone.optional() })
  .refine(({ from, to }) => from !== to, "quiet hours that never end: nothing would ever be posted");

const parts = {
  goal: z.strictObject({
    outcome: line,
    metric: line.optional(),
    target: line.optional(),
    guards: z.array(line).max(50).default([]),
  }),
  actions: z.strictObject({
    may: z.array(actionName).max(500).default([]),
    ask_first: z.array(askFirst).max(500).default([]),
    never: z.array(actionName).max(500).default([]),
  }),
  constraints: z.strictObject({
    budget: z
      .strictObject({
        cap: z.number().positive(),
        currency: z.string().regex(/^[A-Z]{3}$/, "a currency code such as GBP"),
        per: z.enum(["day", "week", "month", "quarter", "year"]).default("month"),
      })
      .optional(),
    frequency: z
      .array(
        z.strictObject({
          action: actionName,
          at_most: z.int().min(1),
          per: duration,
          by: z.enum(["subject", "agent"]).default("subject"),
        }),
      )
      .max(100)
      .default([]),
  }),
  triggers,
  review: z.strictObject({
    daily: line.optional(),
    weekly: line.optional(),
    monthly: line.optional(),
    quarterly: line.optional(),
    timezone: timezone.default("UTC"),
    channel: channel.optional(),
    /** What comes of a review that nobody has signed so long after it was sent; absent: the next digest names it. */
    unsigned: z.strictObject({ hold_after: duration }).optional(),
  }),
  ownership: z.strictObject({
    owner: personId,
    deputies: z.array(personId).max(20).default([]),
    /** People who may decide without being asked first; `rep` means whoever the request names as rep. */
    approvers: z.array(personId).max(50).default([]),
    escalate_to: z.array(personId).max(20).default([]),
    fallback: channel.optional(),
    /** Where the card goes first: absent, to the owner's direct messages. */
    ask_in: channel.optional(),
    approvals: z.int().min(1).max(5).default(1),
    respond_within: z.partialRecord(z.enum(SEVERITIES), duration).default({}),
    hours: hours.optional(),
    quiet: quiet.optional(),
    on_silence: z.enum(["keep_held", "expire"]).default("keep_held"),
  }),
};

/** The six parts every charter must have, in the order in which they are read. */
export const SIX_PARTS = Object.keys(parts) as (keyof typeof parts)[];

export const charterSchema = z.strictObject({
  ...parts,
  ends: z
    .strictObject({
      optimises_for: line.optional(),
      breaks_when: line.optional(),
      turned_off_by: line.optional(),
    })
    .optional(),
});

export type Charter = z.output<typeof charterSchema>;
export type CharterInput = z.input<typeof charterSchema>;
export type TriggerSetting = {
  readonly [Change in keyof typeof changes]?: z.output<(typeof changes)[Change]>;
};

export const agentId = z
  .string()
  .regex(AGENT_ID, "lower-case letters, digits and hyphens, such as trial-nurture")
  .refine((id) => !RESERVED_AGENT_IDS.includes(id), "this word has a meaning of its own: choose another id");

/** One agent as holdpoint.yaml and `PUT /v1/agents/{agent}` describe it. */
export const agentSchema = z.strictObject({
  id: agentId,
  name: z.string().trim().min(1).max(100).optional(),
  environment: z.enum(["lab", "production"]).default("production"),
  callback_url: z.string().max(3_000).optional(),
  charter: charterSchema,
});
export type AgentSettings = z.output<typeof agentSchema>;

/** Everyone whom a charter names, the approver `rep` aside: each must be in the directory. */
export function peopleNamedIn(
  charter: Charter,
): readonly { readonly id: string; readonly pointer: string }[] {
  const { owner, deputies, approvers, escalate_to } = charter.ownership;
  const each = (list: readonly string[], pointer: string) =>
    list.map((id, at) => ({ id, pointer: `${pointer}/${at}` }));
  return [
    { id: owner, pointer: "/ownership/owner" },
    ...each(deputies, "/ownership/deputies"),
    ...each(approvers, "/ownership/approvers").filter(({ id }) => id !== "rep"),
    ...each(escalate_to, "/ownership/escalate_to"),
    ...Object.entries(charter.triggers).flatMap(([name, setting]) =>
      each(setting?.route ?? [], `/triggers/${name}/route`),
    ),
  ];
}
