/** What an agent may send: the request for a decision and the signal, field by field as the wire contract has them. */
import { z } from "zod";
import { SEVERITIES } from "../charter/severity.ts";
import { TRIGGERS, VERDICTS } from "../charter/trigger.ts";
import { duration } from "../time/time.ts";

const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.trim() !== "", "say something: this is blank");

const webLink = z
  .string()
  .max(3_000)
  .refine(isWebLink, "a link that starts with https:// or http:// and carries no user name or password");

export const subjectSchema = z.strictObject({
  type: text(60).refine((type) => !type.includes(":"), "a type without a colon, such as contact"),
  id: text(200),
  name: text(200).optional(),
  url: webLink.optional(),
});

export const actionSchema = z.strictObject({
  name: text(100),
  args: z.record(z.string(), z.unknown()).default({}),
});

export const signalSchema = z.strictObject({
  confidence: z.number().min(0).max(1).optional(),
  sentiment: z.number().min(-1).max(1).optional(),
  budget: z
    .strictObject({
      spent: z.number().min(0),
      cap: z.number().positive(),
      currency: z.string().regex(/^[A-Z]{3}$/, "a currency code such as GBP"),
    })
    .optional(),
  metric: z
    .strictObject({ name: text(100), baseline: z.number(), current: z.number(), window: duration.optional() })
    .optional(),
});

export const requestSchema = z.strictObject({
  trigger: z.enum(TRIGGERS),
  summary: text(300),
  reason: text(2_000),
  severity: z.enum(SEVERITIES).optional(),
  signal: signalSchema.optional(),
  subject: subjectSchema.optional(),
  action: actionSchema.optional(),
  allow: z.array(z.enum(VERDICTS)).min(1).optional(),
  args_schema: z.record(z.string(), z.unknown()).optional(),
  options: z
    .array(z.strictObject({ name: text(75), title: text(150).optional() }))
    .max(50)
    .refine(
      (options) => new Set(options.map((option) => option.name)).size === options.length,
      "each name once",
    )
    .optional(),
  context: z
    .array(z.strictObject({ label: text(100), value: z.string().max(8_000) }))
    .max(100)
    .optional(),
  transcript: z
    .array(
      z.strictObject({
        who: text(100),
        at: z.iso.datetime({ offset: true }).optional(),
        text: z.string().max(8_000),
      }),
    )
    .max(500)
    .optional(),
  links: z
    .array(z.strictObject({ label: text(100), url: webLink }))
    .max(50)
    .optional(),
  rep: z.email().max(254).optional(),
  /** Who asked the agent for this: a mail address or a person's id. They may stop it and may not approve it. */
  requested_by: text(254).optional(),
  group: text(100).optional(),
  respond_within: duration.optional(),
  callback_url: z.string().max(3_000).optional(),
  state: z
    .unknown()
    .refine((state) => state === undefined || bytesOf(state) <= 16_384, "at most 16 KB of JSON")
    .optional(),
});

export const signalRequestSchema = z.strictObject({
  signal: signalSchema,
  subject: subjectSchema.optional(),
  action: actionSchema.optional(),
  /** The customer's message or the draft: phrase rules look at it. */
  text: z.string().max(50_000).optional(),
  rep: z.email().max(254).optional(),
  callback_url: z.string().max(3_000).optional(),
});

export type EscalationRequest = z.output<typeof requestSchema>;
export type SignalRequest = z.output<typeof signalRequestSchema>;
export type Signal = z.output<typeof signalSchema>;
export type Subject = z.output<typeof subjectSchema>;

/** How a subject is named in holds and in `GET /v1/state?subject=`: `contact:123`. */
export function subjectKey(subject: { readonly type: string; readonly id: string }): string {
  return `${subject.type}:${subject.id}`;
}

function bytesOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function isWebLink(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === "https:" || url.protocol === "http:") && url.username === "" && url.password === ""
  );
}
