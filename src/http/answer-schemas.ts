/** The shapes of answers, for the API document; what is sent is made elsewhere, and tests hold the two together. */
import { z } from "zod";
import { charterSchema } from "../domain/charter/charter.ts";
import { SEVERITIES } from "../domain/charter/severity.ts";
import { TRIGGERS, VERDICTS } from "../domain/charter/trigger.ts";

const time = z.iso.datetime({ precision: 3 });
const named = z.object({ id: z.string(), name: z.string() });
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

export const accepted = z.object({
  id: z.string().regex(/^esc_/),
  status: z.literal("open"),
  agent: z.string(),
  trigger: z.enum(TRIGGERS),
  severity: z.enum(SEVERITIES),
  hold: z.object({ id: z.string(), scope: z.string() }).nullable(),
  owner: named,
  action_digest: digest.nullable(),
  due_at: time,
  url: z.string(),
  created_at: time,
});

export const proceed = z.object({ verdict: z.literal("proceed"), charter_version: z.int() });

export const hold = z.object({
  verdict: z.literal("hold"),
  rule: z.string(),
  charter_version: z.int(),
  escalation: accepted,
});

const decision = z.object({
  verdict: z.enum(VERDICTS),
  by: named,
  surface: z.string(),
  reason: z.string().optional(),
  option: z.string().optional(),
  args: z.record(z.string(), z.unknown()).optional(),
  response: z.string().optional(),
  at: time,
  action_digest: digest.nullable(),
  kept_held: z.boolean(),
});

export const followed = z.object({
  id: z.string(),
  status: z.enum(["open", "decided", "expired", "withdrawn"]),
  agent: z.string(),
  trigger: z.enum(TRIGGERS),
  severity: z.enum(SEVERITIES),
  summary: z.string(),
  action_digest: digest.nullable(),
  decision: decision.nullable(),
  approvals: z.object({ needed: z.int(), given: z.array(named) }),
  stage: z.int(),
  asked: z.array(z.object({ id: z.string() })),
  acknowledged: z.object({ by: named, at: time }).nullable(),
  due_at: time,
  breached: z.boolean(),
  delivery: z.object({
    card: z.enum(["pending", "shown", "undeliverable"]),
    callback: z.enum(["none", "pending", "delivered", "dead"]),
  }),
  outcome: z
    .object({
      executed: z.boolean(),
      detail: z.string().optional(),
      metric: z.unknown().optional(),
      at: time,
    })
    .nullable(),
  state: z.unknown(),
  created_at: time,
});

export const escalationPage = z.object({
  escalations: z.array(followed),
  next_cursor: z.string().nullable(),
});

export const heldBy = z.object({
  id: z.string(),
  scope: z.string(),
  reason: z.string(),
  placed_by: named,
  placed_at: time,
  until: time.nullable(),
  escalation: z.string().nullable(),
});

export const agentState = z.object({
  agent: z.string(),
  state: z.enum(["running", "held"]),
  holds: z.array(heldBy),
  narrower: z.int(),
  version: z.int(),
});

export const acknowledged = z.object({
  agent: z.string(),
  version: z.int(),
  confirmed: z.array(z.string()),
});

const agentFacts = {
  id: z.string(),
  name: z.string(),
  environment: z.enum(["lab", "production"]),
  callback_url: z.string().nullable(),
  charter_version: z.int(),
  owner: z.string(),
  state: z.enum(["running", "held"]),
  created_at: time,
  updated_at: time,
};

export const agentList = z.object({ agents: z.array(z.object(agentFacts)) });

export const agentInFull = z.object({
  ...agentFacts,
  charter: charterSchema,
  charter_versions: z.array(z.object({ version: z.int(), by: z.string(), at: time })),
  keys: z.array(z.object({ id: z.string(), created_at: time })),
});

export const issuedKey = z.object({
  id: z.string(),
  key: z.string().describe("Shown this once; only its SHA-256 is kept."),
  signing_secret: z.string().describe("For Standard Webhooks signatures, both ways; shown this once."),
});

export const callbackList = z.object({
  callbacks: z.array(
    z.object({
      id: z.string(),
      agent: z.string(),
      escalation: z.string().nullable(),
      type: z.string(),
      url: z.string(),
      state: z.enum(["pending", "delivered", "dead"]),
      attempts: z.int(),
      last_error: z.string().nullable(),
      created_at: time,
      delivered_at: time.nullable(),
    }),
  ),
});

/** One line of `GET /v1/audit`. */
export const auditLine = z.object({
  seq: z.int(),
  at: time,
  kind: z.string(),
  actor: z.object({ kind: z.enum(["person", "agent", "system"]), id: z.string() }),
  agent: z.string().optional(),
  escalation: z.string().optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
  hash: z
    .string()
    .describe(
      "SHA-256 of the hash before (64 zeros at first) followed by the line as canonical JSON (RFC 8785), without `hash` and with `at` in milliseconds since 1970.",
    ),
});

export const readiness = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()),
});

export const liveness = z.object({ alive: z.literal(true) });

/** Of whatever the use-case says of it. */
export const anything = z.record(z.string(), z.unknown());

export const problemSchema = z.object({
  type: z.string().describe("urn:holdpoint:problem:<code>"),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z
    .array(z.object({ pointer: z.string().describe("JSON Pointer (RFC 6901)"), detail: z.string() }))
    .optional(),
});
