/** CloudEvents 1.0 over HTTP, binary (`ce-*` headers) and structured: an event of ours is a request, any other asks for approval. */
import { z } from "zod";
import type { AgentCall, AgentRoute } from "../../application/agent-route.ts";
import { TRIGGERS } from "../../domain/charter/trigger.ts";
import { no } from "../../domain/result.ts";
import { cut, firstLine, inParts, reasonAndRest } from "../texts.ts";
import { type HookParts, hookRoute } from "./hook.ts";

/** CloudEvents 1.0: id, source, specversion and type are required and not empty; data is anything. */
const eventSchema = z.object({
  id: z.string().min(1).max(1_000),
  source: z.string().min(1).max(1_000),
  specversion: z.literal("1.0"),
  type: z.string().min(1).max(1_000),
  subject: z.string().max(1_000).nullish(),
  data: z.unknown(),
});
type CloudEvent = z.output<typeof eventSchema>;

/** Members in which events say in words what happened, in the order of asking. */
const WORDS = ["message", "description", "reason", "summary", "text"] as const;

export function cloudEventsHook(parts: HookParts): AgentRoute {
  return hookRoute(parts, {
    sender: "cloudevents",
    summary: "Escalate with a CloudEvent",
    /** What an event that names no trigger itself is taken for: whoever sets up the subscription writes it into its URL. */
    query: z.strictObject({ trigger: z.enum(TRIGGERS).default("approval_required") }),
    body: z.unknown(),
    signature: null,
    async hear(call) {
      const read = eventSchema.safeParse(isStructured(call) ? call.body : fromHeaders(call));
      if (!read.success) {
        const problems = read.error.issues.map(({ path, message }) => ({
          pointer: path.map((part) => `/${String(part)}`).join(""),
          detail: `CloudEvents 1.0: ${message}`,
        }));
        return no({ code: "invalid", problems });
      }
      const event = read.data;
      const { trigger } = call.query as { readonly trigger: (typeof TRIGGERS)[number] };
      const request = isRequest(event.data) ? event.data : asRequest(event, trigger);
      // "Consumers MAY assume that events with identical source and id are duplicates."
      const place = { agent: call.agent.id, kind: "hooks/cloudevents", id: `${event.source} ${event.id}` };
      const refused = call.check(request);
      return refused ? no(refused) : parts.kept.raiseOnce(call, place, request, null);
    },
  });
}

function isStructured({ headers }: AgentCall): boolean {
  return /^application\/cloudevents\+json\b/i.test(headers["content-type"]?.toString() ?? "");
}

/** Header values are percent-encoded where they hold more than printable ASCII. */
function fromHeaders({ headers, body }: AgentCall): Readonly<Record<string, unknown>> {
  const read = ["id", "source", "specversion", "type", "subject"].flatMap((name) => {
    const value = headers[`ce-${name}`];
    return typeof value === "string" ? [[name, decoded(value)] as const] : [];
  });
  return { ...Object.fromEntries(read), data: body };
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

type Request = Parameters<AgentCall["raise"]>[0];

/** Data that names a trigger is a request as `POST /v1/escalations` takes it, and is checked as one. */
function isRequest(data: unknown): data is Request {
  return typeof data === "object" && data !== null && "trigger" in data;
}

function asRequest({ type, source, subject, data }: CloudEvent, trigger: (typeof TRIGGERS)[number]): Request {
  const words = wordsIn(data) ?? `An event of the type ${type} came from ${source}.`;
  const { reason, context } = reasonAndRest(words, "The whole message");
  return {
    trigger,
    summary: firstLine(wordsIn(data) ?? "", cut(`${type} ${subject ?? ""}`.trim(), 300)),
    reason,
    ...(subject ? { subject: { type: "event", id: cut(subject, 200) } } : {}),
    group: cut(type, 100),
    context: [
      ...context,
      { label: "Event", value: `${type}\n${source}${subject ? `\n${subject}` : ""}` },
      ...(data === undefined ? [] : inParts(JSON.stringify(data, null, 2), "Event data")),
    ],
  };
}

function wordsIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const members = data as Readonly<Record<string, unknown>>;
  const found = WORDS.map((name) => members[name]).find(
    (value) => typeof value === "string" && value.trim() !== "",
  );
  return typeof found === "string" ? found : undefined;
}
