/** `POST /api/<method>`: who calls, may they, is it too often, does a fault strike; then the method answers. */
import { setTimeout as pause } from "node:timers/promises";
import { type Arguments, isRefusal, type Method, refuse } from "./answers.ts";
import type { Faults } from "./faults.ts";
import { isObject, type Json, type JsonObject, parseJson, textIn } from "./json.ts";
import { isMethod, type MethodName } from "./limits.ts";
import { chatMethods } from "./methods-chat.ts";
import { conversationMethods } from "./methods-conversations.ts";
import { userMethods } from "./methods-users.ts";
import { viewMethods } from "./methods-views.ts";
import type { TakeToken, Violation } from "./rates.ts";
import { directMessages, type State } from "./state.ts";

/** One call as the app made it, and what it was told. */
export interface ApiCall {
  readonly at: number;
  readonly method: string;
  readonly args: Arguments;
  readonly token: "bot" | "app" | "none" | "wrong";
  /** `undefined` when the reply never left. */
  readonly status: number | undefined;
  readonly ok: boolean;
  readonly error: string | undefined;
}

/** How to answer; `lost` drops the connection, `never` leaves it hanging. */
export type ApiReply =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly body: JsonObject;
      readonly retryAfter?: number;
    }
  | { readonly kind: "lost" }
  | { readonly kind: "never" };

export interface ApiRequest {
  readonly method: string;
  readonly contentType: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface WebApiParts {
  readonly state: State;
  readonly tokens: { readonly bot: string; readonly app: string };
  readonly history: "internal" | "restricted";
  readonly takeToken: TakeToken;
  readonly faults: Faults;
  readonly calls: ApiCall[];
  readonly violations: Violation[];
  /** Makes the address of a new Socket Mode connection. */
  readonly openConnection: () => JsonObject;
}

const SCOPES: Readonly<Record<MethodName, string | undefined>> = {
  "apps.connections.open": undefined,
  "auth.test": undefined,
  "chat.delete": "chat:write",
  "chat.getPermalink": undefined,
  "chat.postEphemeral": "chat:write",
  "chat.postMessage": "chat:write",
  "chat.update": "chat:write",
  "conversations.history": "history",
  "conversations.info": "read",
  "conversations.open": "im:write",
  "conversations.replies": "history",
  "reactions.add": "reactions:write",
  "team.info": "team:read",
  "users.info": "users:read",
  "users.list": "users:read",
  "users.lookupByEmail": "users:read.email",
  "views.open": undefined,
  "views.publish": undefined,
  "views.push": undefined,
  "views.update": undefined,
};

export function createWebApi(parts: WebApiParts): (request: ApiRequest) => Promise<ApiReply> {
  const { state, takeToken, faults, violations } = parts;
  const methods: Readonly<Record<MethodName, Method>> = {
    ...chatMethods,
    ...conversationMethods(parts.history),
    ...userMethods,
    ...viewMethods,
    "apps.connections.open": () => parts.openConnection(),
  };

  /** Runs the method behind its rate limit. */
  const perform = (method: MethodName, args: Arguments, channel: string | undefined): ApiReply => {
    const wait = takeToken(method, channel);
    if (wait !== undefined) {
      violations.push({ at: state.clock.now(), method, channel, retryAfter: wait });
      return limited(wait);
    }
    return { kind: "answer", status: 200, body: methods[method](state, args) };
  };

  const answer = async (method: MethodName, args: Arguments): Promise<ApiReply> => {
    const channel = channelOf(state, args);
    const fault = faults.take(method, channel);
    switch (fault?.kind) {
      case undefined:
        return perform(method, args, channel);
      case "slow":
        await pause(fault.ms);
        return perform(method, args, channel);
      case "reply-lost":
        perform(method, args, channel);
        return { kind: "lost" };
      case "timeout":
        if (fault.performed === true) perform(method, args, channel);
        return { kind: "never" };
      case "http-500":
      case "http-503":
        if (fault.performed === true) perform(method, args, channel);
        return { kind: "answer", status: Number(fault.kind.slice(-3)), body: refuse("internal_error") };
      case "ratelimited":
        return limited(fault.retryAfter);
      case "error":
        return { kind: "answer", status: 200, body: refuse(fault.word) };
    }
  };

  return async (request) => {
    const args = argumentsOf(request);
    const token = tokenOf(request, args, parts.tokens);
    const at = state.clock.now();
    const refusal = refuseCaller(state, request.method, args, token);
    const reply =
      refusal !== undefined || !isMethod(request.method)
        ? ({ kind: "answer", status: 200, body: refusal ?? refuse("unknown_method") } as const)
        : await answer(request.method, args);
    const body = reply.kind === "answer" ? reply.body : undefined;
    const { token: _secret, ...shown } = args;
    parts.calls.push({
      at,
      method: request.method,
      args: shown,
      token,
      status: reply.kind === "answer" ? reply.status : undefined,
      ok: body !== undefined && !isRefusal(body),
      error: textIn(body?.error),
    });
    return reply;
  };
}

function limited(retryAfter: number): ApiReply {
  return { kind: "answer", status: 429, body: refuse("ratelimited"), retryAfter };
}

/** The conversation a call is about: a user's id stands for their direct messages, which the call would open anyway. */
function channelOf(state: State, args: Arguments): string | undefined {
  const id = textIn(args.channel);
  const user = id === undefined ? undefined : state.users.get(id);
  return user === undefined || user.is_bot || user.deleted ? id : directMessages(state, user.id).id;
}

/** Undefined when the caller may go on. */
function refuseCaller(
  state: State,
  method: string,
  args: Arguments,
  token: ApiCall["token"],
): JsonObject | undefined {
  if (!isMethod(method)) return refuse("unknown_method", { req_method: method });
  if (token === "none") return refuse("not_authed");
  if (token === "wrong") return refuse("invalid_auth");
  if ((method === "apps.connections.open") !== (token === "app")) return refuse("not_allowed_token_type");
  const { scopes } = state.installed;
  const needed = scopeFor(state, method, args);
  if (scopes === undefined || needed === undefined || scopes.has(needed)) return undefined;
  return refuse("missing_scope", { needed, provided: [...scopes].join(",") });
}

function scopeFor(state: State, method: MethodName, args: Arguments): string | undefined {
  const scope = SCOPES[method];
  if (scope !== "history" && scope !== "read") return scope;
  const kind = state.channels.get(textIn(args.channel) ?? "")?.kind ?? "public";
  const family = kind === "im" ? "im" : kind === "private" ? "groups" : "channels";
  return `${family}:${scope}`;
}

function tokenOf(request: ApiRequest, args: Arguments, tokens: WebApiParts["tokens"]): ApiCall["token"] {
  const inBody = request.contentType.startsWith("application/json") ? undefined : textIn(args.token);
  const token = /^Bearer (.+)$/i.exec(request.authorization ?? "")?.[1] ?? inBody;
  if (token === undefined) return "none";
  if (token === tokens.bot) return "bot";
  return token === tokens.app ? "app" : "wrong";
}

/** Fields that travel as JSON text inside a form. */
const STRUCTURED = new Set(["blocks", "attachments", "metadata", "view"]);

function argumentsOf(request: ApiRequest): Arguments {
  if (request.contentType.startsWith("application/json")) {
    const body = parseJson(request.body);
    return isObject(body) ? structured(body) : {};
  }
  return structured(Object.fromEntries(new URLSearchParams(request.body)));
}

function structured(fields: JsonObject): Arguments {
  const args: Record<string, Json> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    // Text that is no JSON stays text: the method then names the format as the fault.
    args[name] = STRUCTURED.has(name) && typeof value === "string" ? (parseJson(value) ?? value) : value;
  }
  return args;
}
