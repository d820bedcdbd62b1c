/** CrewAI's review webhook: a flow that waits for feedback asks a person here, and gets it at its own callback URL. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { AgentRoute, CheckSender } from "../../application/agent-route.ts";
import { no, yes } from "../../domain/result.ts";
import { cut, firstLine, inParts, reasonAndRest } from "../texts.ts";
import { answeredAs } from "./answer-senders.ts";
import { type HookParts, hookRoute } from "./hook.ts";

const SENDER = "crewai";
/** Seconds, as its documentation recommends. */
const TOLERANCE = 300;

/** What is read of its payload. `response_token` is not: it is in the callback URL already. */
const reviewSchema = z.object({
  event_type: z.enum(["new_request", "escalation"]),
  id: z.string().min(1).max(200),
  flow_id: z.union([z.string(), z.number()]).nullish(),
  flow_class: z.string().nullish(),
  method_name: z.string().nullish(),
  message: z.string().nullish(),
  output: z.unknown(),
  emit: z.array(z.string().min(1).max(75)).max(50).nullish(),
  state: z.unknown(),
  callback_url: z.string(),
  deployment_name: z.string().nullish(),
});
type Review = z.output<typeof reviewSchema>;

export function crewAiHook(parts: HookParts): AgentRoute {
  const { kept, hurry, clock, senderSecrets } = parts;
  return hookRoute(parts, {
    sender: SENDER,
    summary: "Ask for feedback on a CrewAI flow",
    query: z.strictObject({}),
    body: reviewSchema,
    signature: {
      header: "x-crewai-signature",
      check: crewAiSignature((agent) => senderSecrets(SENDER, agent), clock.now),
    },
    async hear(call) {
      const review = call.body as Review;
      const place = { agent: call.agent.id, kind: `hooks/${SENDER}`, id: review.id };
      if (review.event_type === "new_request") return kept.raiseOnce(call, place, asRequest(review), null);
      // Its own deadline has passed: the next people of our chain are asked.
      const found = await kept.find(place);
      if (!found) return kept.raiseOnce(call, place, asRequest(review), null);
      const hurried = await hurry(found.escalation, call.agent.id);
      return hurried.ok ? yes({ escalation: found.escalation, again: true }) : no(hurried.no);
    },
  });
}

/** The flow goes its way by the words it gets, so a person gives words or one of its outcomes: nothing here approves. */
function asRequest(review: Review) {
  const { message, output, emit, flow_id, flow_class, method_name, deployment_name, state } = review;
  const says = message?.trim() || "The flow waits for feedback.";
  const { reason, context } = reasonAndRest(says, "The whole message");
  const facts = [deployment_name, flow_class, method_name].filter(Boolean).join(" · ");
  return {
    trigger: "question" as const,
    summary: firstLine(says, says),
    reason,
    subject: { type: "flow", id: cut(String(flow_id ?? review.id), 200) },
    allow: ["respond" as const],
    ...(emit && emit.length > 0 ? { options: [...new Set(emit)].map((name) => ({ name })) } : {}),
    context: [
      ...context,
      ...(facts ? inParts(facts, "Flow") : []),
      ...shown(output, "To be reviewed"),
      ...shown(state, "State of the flow"),
    ].slice(0, 100),
    callback_url: review.callback_url,
    state: answeredAs(SENDER, { id: review.id }),
  };
}

function shown(value: unknown, label: string) {
  if (value === undefined || value === null) return [];
  return inParts(typeof value === "string" ? value : JSON.stringify(value, null, 2), label);
}

/**
 * `X-CrewAI-Signature: sha256=<hex>`, the HMAC-SHA256 of `<X-CrewAI-Timestamp>.<body>` under the whole secret, `whsec_`
 * included (docs.crewai.com, "Flow HITL Management"). `now`: milliseconds since 1970.
 */
export function crewAiSignature(
  secretsOf: (agent: string) => readonly string[],
  now: () => number,
): CheckSender {
  return ({ agent, headers, raw }) => {
    const secrets = secretsOf(agent);
    const timestamp = headers["x-crewai-timestamp"];
    if (typeof timestamp !== "string" || !/^\d{1,12}$/.test(timestamp)) {
      return { ok: false, why: "X-CrewAI-Timestamp is missing, or not in whole seconds." };
    }
    if (Math.abs(now() / 1_000 - Number(timestamp)) > TOLERANCE) {
      return { ok: false, why: "X-CrewAI-Timestamp is more than five minutes from now." };
    }
    const sent = Buffer.from(String(headers["x-crewai-signature"]));
    const good = secrets.some((secret) => {
      const made = createHmac("sha256", secret).update(`${timestamp}.`).update(raw).digest("hex");
      const expected = Buffer.from(`sha256=${made}`);
      return expected.length === sent.length && timingSafeEqual(expected, sent);
    });
    // Whether there is a secret at all is nobody's to learn who has none.
    const why = `X-CrewAI-Signature fits no secret that HOLDPOINT_SENDER_SECRETS has for this agent, as ${SENDER}/<agent>=whsec_….`;
    return good ? { ok: true } : { ok: false, why };
  };
}
