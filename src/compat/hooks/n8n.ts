/** An n8n workflow that asks and then waits: the decision goes to its resume URL as flat JSON. */
import { z } from "zod";
import type { AgentRoute } from "../../application/agent-route.ts";
import { cut, firstLine, reasonAndRest } from "../texts.ts";
import { answeredAs } from "./answer-senders.ts";
import { deliveryPlace, type HookParts, hookRoute } from "./hook.ts";

/** What an HTTP Request node sends before a Wait node that resumes on a webhook call by POST. */
const askedSchema = z.strictObject({
  /** `={{ $execution.resumeUrl }}` */
  resumeUrl: z.string(),
  message: z.string().refine((text) => text.trim() !== "", "say what a person should decide: this is blank"),
  title: z.string().nullish(),
  action: z.strictObject({ name: z.string(), args: z.record(z.string(), z.unknown()).default({}) }).nullish(),
  options: z.array(z.string().min(1).max(75)).max(50).nullish(),
  /** `={{ $workflow.name }}` */
  workflow: z.string().nullish(),
});
type Asked = z.output<typeof askedSchema>;

export function n8nHook(parts: HookParts): AgentRoute {
  return hookRoute(parts, {
    sender: "n8n",
    summary: "Ask before an n8n workflow is resumed",
    query: z.strictObject({}),
    body: askedSchema,
    signature: null,
    hear: (call) =>
      parts.kept.raiseOnce(call, deliveryPlace(call, "n8n"), asRequest(call.body as Asked), null),
  });
}

function asRequest({ resumeUrl, message, title, action, options, workflow }: Asked) {
  const { reason, context } = reasonAndRest(message, "The whole message");
  return {
    trigger: "approval_required" as const,
    summary: firstLine(title ?? "", firstLine(message, message)),
    ...{ reason, context },
    ...(action ? { action } : {}),
    ...(options && options.length > 0 ? { options: [...new Set(options)].map((name) => ({ name })) } : {}),
    ...(workflow ? { group: cut(workflow, 100) } : {}),
    callback_url: resumeUrl,
    state: answeredAs("n8n", {}),
  };
}
