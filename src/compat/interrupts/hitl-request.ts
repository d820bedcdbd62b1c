/** LangChain's HITLRequest, with Python's names or TypeScript's, and its per-call form: answered by decisions in the same case. */
import { z } from "zod";
import type { Verdict } from "../../domain/charter/trigger.ts";
import { firstLine, reasonAndRest } from "../texts.ts";
import { type Answered, type Asked, type Interrupt, wordsOf } from "./shape.ts";

const args = z.record(z.string(), z.unknown()).nullish();
const decisions = z.array(z.enum(["approve", "edit", "reject", "respond"])).min(1);

/** An early version said `arguments` and `arguments_schema`, and described the action in its review config. */
const action = z.object({ name: z.string(), args, arguments: args, description: z.string().nullish() });

const snakeConfig = z.object({
  action_name: z.string(),
  allowed_decisions: decisions,
  args_schema: args,
  arguments_schema: args,
  description: z.string().nullish(),
});

const camelConfig = z.object({
  actionName: z.string(),
  allowedDecisions: decisions,
  argsSchema: args,
  argumentsSchema: args,
  description: z.string().nullish(),
});

type Action = z.output<typeof action>;
type Config = Omit<z.output<typeof snakeConfig>, "arguments_schema">;

const actions = z.array(action).min(1).max(50);

export const snakeRequest: z.ZodType<Interrupt> = z
  .object({ action_requests: actions, review_configs: z.array(snakeConfig) })
  .transform(({ action_requests, review_configs }, context) => {
    const configs = review_configs.map((one) => ({
      ...one,
      args_schema: one.args_schema ?? one.arguments_schema,
    }));
    return {
      shape: "hitl_request" as const,
      asked: matched(action_requests, configs, "action_requests", context),
    };
  });

export const camelRequest: z.ZodType<Interrupt> = z
  .object({ actionRequests: actions, reviewConfigs: z.array(camelConfig) })
  .transform(({ actionRequests, reviewConfigs }, context) => {
    const configs = reviewConfigs.map((one) => ({
      action_name: one.actionName,
      allowed_decisions: one.allowedDecisions,
      args_schema: one.argsSchema ?? one.argumentsSchema,
      description: one.description,
    }));
    return {
      shape: "hitlRequest" as const,
      asked: matched(actionRequests, configs, "actionRequests", context),
    };
  });

/** What Python's middleware asks with one interrupt per call. */
export const toolApproval: z.ZodType<Interrupt> = z
  .object({
    type: z.literal("tool_approval"),
    tool_call_id: z.string().max(200).nullish(),
    name: z.string(),
    args,
    description: z.string().nullish(),
  })
  .transform((call) => {
    const config = { action_name: call.name, allowed_decisions: ["approve", "edit", "reject", "respond"] };
    return { shape: "tool_approval", asked: [asked({ ...call, arguments: null }, config as Config)] };
  });

function matched(
  requests: readonly Action[],
  configs: readonly Config[],
  field: string,
  context: z.RefinementCtx,
): readonly Asked[] {
  return requests.flatMap((request, index) => {
    const config = configs.find(({ action_name }) => action_name === request.name);
    if (config) return [asked(request, config)];
    const message = "no review config names this action, so nobody knows which decisions are allowed";
    context.addIssue({ code: "custom", path: [field, index, "name"], message });
    return [];
  });
}

function asked(request: Action, config: Config): Asked {
  const description = (request.description ?? config.description)?.trim();
  const says = description || "The agent asks a person before it runs this tool.";
  const { reason, context } = reasonAndRest(says, "The whole description");
  const offers: readonly Verdict[] = config.allowed_decisions;
  return {
    offers,
    request: {
      trigger: offers.includes("approve") || offers.includes("edit") ? "approval_required" : "question",
      summary: firstLine(description ?? "", `Run ${request.name}?`),
      ...{ reason, context, allow: [...offers] },
      action: { name: request.name, args: request.args ?? request.arguments ?? {} },
      ...(config.args_schema ? { args_schema: config.args_schema } : {}),
    },
  };
}

/** One LangChain decision; `editedKey` is the one name that differs between the languages. */
export function hitlDecision(
  { decision, action: { name, args: asked } }: Answered,
  editedKey: "edited_action" | "editedAction",
): Readonly<Record<string, unknown>> {
  switch (decision.verdict) {
    case "approve":
      return { type: "approve" };
    case "edit":
      return { type: "edit", [editedKey]: { name, args: decision.args ?? asked } };
    case "respond":
      return { type: "respond", message: wordsOf(decision) };
    case "reject":
    case "dismiss":
      return { type: "reject", message: wordsOf(decision) };
  }
}
