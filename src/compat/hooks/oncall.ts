/** Grafana OnCall's formatted webhook: an alert holds the agent it is about until a person has looked. */
import { z } from "zod";
import type { AgentCall, AgentRoute } from "../../application/agent-route.ts";
import type { EscalationId } from "../../domain/ids.ts";
import { yes } from "../../domain/result.ts";
import { firstLine, reasonAndRest } from "../texts.ts";
import { deliveryPlace, type HookParts, hookRoute } from "./hook.ts";

/** The six fields that its documentation recognises; none is required, and senders add others. */
const alertSchema = z.object({
  alert_uid: z.string().max(1_000).nullish(),
  title: z.string().nullish(),
  image_url: z.string().nullish(),
  state: z.string().nullish(),
  link_to_upstream_details: z.string().nullish(),
  message: z.string().nullish(),
});
type Alert = z.output<typeof alertSchema>;

const WEB_LINK = /^https?:\/\/[^\s@]{1,2900}$/;

export function onCallHook(parts: HookParts): AgentRoute {
  const { store, kept } = parts;

  /** While people are being asked, the same alert is the same question; after their answer it is a new one. */
  async function alertAgain(call: AgentCall, alert: Alert, uid: string) {
    const note = `hooks/oncall/latest/${call.agent.id}/${uid}`;
    const latest = (await store.notes.get(note)) as EscalationId | undefined;
    const escalation = latest && (await store.escalations.find(latest));
    if (escalation?.status === "open") return yes({ escalation: escalation.id, again: true });
    const place = { agent: call.agent.id, kind: "hooks/oncall", id: `${uid} after ${latest ?? "nothing"}` };
    const raised = await kept.raiseOnce(call, place, asRequest(alert), null);
    const standing = raised.ok ? raised.value : await kept.find(place);
    if (!standing) return raised;
    await store.notes.set(note, standing.escalation);
    return yes({ escalation: standing.escalation, again: raised.ok ? raised.value.again : true });
  }

  return hookRoute(parts, {
    sender: "oncall",
    summary: "Escalate with a Grafana OnCall alert",
    query: z.strictObject({}),
    body: alertSchema,
    signature: null,
    async hear(call) {
      const alert = call.body as Alert;
      // The monitor says all is well again. Whether the agent may go on is still for a person to say.
      if (alert.state?.toLowerCase() === "ok") return yes(null);
      if (alert.alert_uid) return alertAgain(call, alert, alert.alert_uid);
      return kept.raiseOnce(call, deliveryPlace(call, "oncall"), asRequest(alert), null);
    },
  });
}

function asRequest({ title, message, link_to_upstream_details, image_url, alert_uid }: Alert) {
  const links = [
    { label: "Monitoring", url: link_to_upstream_details ?? "" },
    { label: "Picture", url: image_url ?? "" },
  ];
  const { reason, context } = reasonAndRest(
    message?.trim() || title?.trim() || "An alert without words.",
    "The whole alert",
  );
  return {
    trigger: "metric_deviation" as const,
    summary: firstLine(title ?? "", firstLine(message ?? "", "An alert is firing")),
    ...{ reason, context },
    links: links.filter(({ url }) => WEB_LINK.test(url)),
    ...(alert_uid ? { group: alert_uid.slice(0, 100) } : {}),
  };
}
