/** The shapes in which graphs ask people, old and new, snake_case and camelCase, and the answers they expect. */
import { HoldpointError } from "./failure.ts";
import { type Expressed, express, type Ruling, type ToolCall } from "./tool-call.ts";
import type { Args, Verdict } from "./wire.ts";

/** What `interrupt(value)` leaves in a result's `__interrupt__`. */
export interface Interrupted {
  readonly id?: string | undefined;
  readonly value?: unknown;
}

interface Asked {
  readonly call: ToolCall;
  readonly offered: readonly Verdict[];
}

export interface Responder {
  readonly calls: readonly Asked[];
  /** One ruling per call, in their order. */
  readonly answer: (rulings: readonly Ruling[]) => unknown;
}

type Fields = Readonly<Record<string, unknown>>;

/** Throws a `HoldpointError` for a value nobody could answer in the shape its asker expects. */
export function responder(value: unknown, id: string | undefined): Responder {
  const list = Array.isArray(value) ? value : [value];
  if (isFields(value)) {
    if (Array.isArray(value.actionRequests)) return batch(value, value.actionRequests, "camel");
    if (Array.isArray(value.action_requests)) return batch(value, value.action_requests, "snake");
    if (value.type === "tool_approval") return perCall(value);
  }
  if (list.length > 0 && list.every(isHumanInterrupt)) return inbox(list, id);
  const words =
    "This interrupt is no HumanInterrupt and no HITLRequest: ask with one of them, or resume it yourself";
  throw new HoldpointError("refused", words);
}

/** `HITLRequest` → `{ decisions }`: as many as were asked, in their order. */
function batch(value: Fields, requests: readonly unknown[], style: "camel" | "snake"): Responder {
  const configs = fieldsIn(value[style === "camel" ? "reviewConfigs" : "review_configs"]);
  const calls = requests.map((request, at): Asked => {
    const { name, args, arguments: old, description } = isFields(request) ? request : {};
    const nameIn = (config: Fields) => config.actionName ?? config.action_name;
    const config = configs.find((one) => nameIn(one) === name) ?? configs[at] ?? {};
    return {
      call: {
        name: named(name),
        args: argsOf(args ?? old),
        description: text(description ?? config.description),
        argsSchema: schema(config.argsSchema ?? config.args_schema ?? config.arguments_schema),
      },
      offered: verdictsIn(config.allowedDecisions ?? config.allowed_decisions) ?? ["approve", "reject"],
    };
  });
  const edited = style === "camel" ? "editedAction" : "edited_action";
  return { calls, answer: (rulings) => ({ decisions: spoken(calls, rulings, decisionWith(edited)) }) };
}

/** One request per call, answered by one decision. */
function perCall(value: Fields): Responder {
  const { name, args, description, tool_call_id } = value;
  const call = {
    name: named(name),
    args: argsOf(args),
    description: text(description),
    id: text(tool_call_id),
  };
  const calls = [{ call, offered: ["approve", "edit", "reject", "respond"] as const }];
  return { calls, answer: (rulings) => spoken(calls, rulings, decisionWith("edited_action"))[0] };
}

/** `HumanInterrupt` → `HumanResponse[]`: a list, also where one was asked. */
function inbox(list: readonly Fields[], id: string | undefined): Responder {
  const calls = list.map((one): Asked => {
    const request = argsOf(one.action_request ?? one.actionRequest);
    const config = argsOf(one.config);
    const may = (snake: string, camel: string) => (config[snake] ?? config[camel]) === true;
    const responds = may("allow_respond", "allowRespond");
    const ignores = may("allow_ignore", "allowIgnore");
    return {
      call: {
        name: named(request.action),
        args: argsOf(request.args),
        description: text(one.description),
        id,
      },
      offered: [
        ...(may("allow_accept", "allowAccept") ? (["approve"] as const) : []),
        ...(may("allow_edit", "allowEdit") ? (["edit"] as const) : []),
        ...(responds ? (["respond"] as const) : []),
        ...(responds || ignores ? (["reject"] as const) : []),
      ],
    };
  });
  return {
    calls,
    answer: (rulings) =>
      spoken(calls, rulings, (said, { call: { name, args }, offered }) => {
        switch (said.as) {
          case "approve":
            return { type: "accept", args: { action: name, args } };
          case "edit":
            return { type: "edit", args: { action: name, args: said.args } };
          case "respond":
            return { type: "response", args: said.words };
          case "reject":
            // A reason is worth hearing; `ignore` has no words.
            return offered.includes("respond")
              ? { type: "response", args: said.words }
              : { type: "ignore", args: null };
        }
      }),
  };
}

function spoken<Answer>(
  calls: readonly Asked[],
  rulings: readonly Ruling[],
  say: (said: Expressed, asked: Asked) => Answer,
): readonly Answer[] {
  return calls.map((asked, at) => {
    const ruling = rulings[at];
    if (ruling === undefined) throw new HoldpointError("refused", `${asked.call.name} was not decided`);
    return say(express(ruling, asked.call, asked.offered), asked);
  });
}

function decisionWith(edited: "editedAction" | "edited_action") {
  return (said: Expressed, { call }: Asked) => {
    switch (said.as) {
      case "approve":
        return { type: "approve" };
      case "edit":
        return { type: "edit", [edited]: { name: call.name, args: said.args } };
      case "reject":
        return { type: "reject", message: said.words };
      case "respond":
        return { type: "respond", message: said.words };
    }
  };
}

/** Words that are no verdict of ours are left out: nobody could choose them. */
function verdictsIn(value: unknown): readonly Verdict[] | undefined {
  const known: readonly Verdict[] = ["approve", "edit", "reject", "respond"];
  return Array.isArray(value) ? known.filter((verdict) => value.includes(verdict)) : undefined;
}

function isHumanInterrupt(value: unknown): value is Fields {
  return isFields(value) && isFields(value.action_request ?? value.actionRequest);
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function fieldsIn(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function named(value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new HoldpointError("refused", "This interrupt asks about an action without a name");
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function argsOf(value: unknown): Args {
  return isFields(value) ? value : {};
}

function schema(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined;
}
