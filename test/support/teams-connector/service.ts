/** The Bot Connector's REST API over one tenant's state: tokens, sizes, rates and its own words for every no. */

import { faultsIn } from "./card-check.ts";
import type { Faults } from "./faults.ts";
import { at, isJson, type Json, textAt } from "./json.ts";
import type { Rates } from "./rates.ts";
import { type ApiCall, chatId, type Person, personOf, type State, userId, withoutThread } from "./state.ts";

export interface ServiceParts {
  readonly state: State;
  readonly rates: Rates;
  readonly faults: Faults;
  readonly tenantId: string;
  readonly appId: string;
  /** Bytes of UTF-16. */
  readonly mostBytes: number;
  readonly now: () => number;
}

export interface Reply {
  readonly status: number;
  readonly body: Json;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection breaks instead. */
  readonly lost?: boolean;
  readonly hangs?: boolean;
}

export type Serve = (method: string, path: string, body: Json) => Reply;

const no = (status: number, code: string): Reply => ({ status, body: { error: { code, message: code } } });

export function createService(parts: ServiceParts): Serve {
  const { state, rates, faults, now } = parts;
  let count = 0;
  const newId = () => {
    count += 1;
    return String(1_790_000_000_000 + count);
  };

  /** Why the bot may not write there; undefined where it may. */
  const closed = (conversation: string): Reply | undefined => {
    const place = withoutThread(conversation);
    const channel = state.channels.find(({ id }) => id === place);
    if (channel) return channel.without ? no(403, "BotNotInConversationRoster") : undefined;
    const person = personOf(state, place);
    if (person === undefined) return no(404, "ConversationNotFound");
    if (person.without) return no(403, "BotNotInConversationRoster");
    return state.blocked.has(person.id) ? no(403, "MessageWritesBlocked") : undefined;
  };

  const wrongIn = (activity: Json): Reply | undefined => {
    if (JSON.stringify(activity).length * 2 > parts.mostBytes) return no(413, "MessageSizeTooBig");
    const attachments = Array.isArray(activity.attachments) ? activity.attachments : [];
    const faulty = attachments.flatMap((attachment) => faultsIn(at(attachment, "content")));
    return faulty.length > 0 ? no(400, `BadSyntax: ${faulty.slice(0, 3).join("; ")}`) : undefined;
  };

  const put = (conversation: string, id: string, activity: Json) =>
    void state.messages.push({ conversation, id, activity, at: now(), updates: 0 });

  const send = (conversation: string, activity: Json): Reply => {
    const refused = closed(conversation) ?? wrongIn(activity);
    if (refused) return refused;
    const id = newId();
    put(conversation, id, activity);
    const split = activity.text !== undefined && activity.attachments !== undefined;
    // What Teams does: two messages, and no word of where they stand.
    return { status: 201, body: split ? {} : { id } };
  };

  const create = (parameters: Json): Reply => {
    const channel = textAt(parameters, "channelData", "channel", "id");
    if (channel !== undefined) {
      const activity = at(parameters, "activity");
      if (!isJson(activity)) return no(400, "BadSyntax");
      const refused = closed(channel) ?? wrongIn(activity);
      if (refused) return refused;
      const id = newId();
      const conversation = `${channel};messageid=${id}`;
      put(conversation, id, activity);
      return { status: 201, body: { id: conversation, activityId: id } };
    }
    const wanted = memberIn(parameters);
    const person = state.people.find(({ id }) => id === wanted || userId(id) === wanted);
    if (person === undefined || textAt(parameters, "tenantId") !== parts.tenantId)
      return no(400, "MemberNotFoundInConversation");
    if (person.without) return no(403, "BotNotInConversationRoster");
    return { status: 201, body: { id: chatId(state, person.id) } };
  };

  const update = (conversation: string, id: string, activity: Json): Reply => {
    const refused = closed(conversation) ?? wrongIn(activity);
    if (refused) return refused;
    const message = state.messages.find((one) => one.id === id && one.conversation === conversation);
    if (message === undefined) return no(404, "ActivityNotFoundInConversation");
    message.activity = activity;
    message.updates += 1;
    return { status: 200, body: { id } };
  };

  const member = (conversation: string, wanted: string): Reply => {
    const found = state.people.find(({ id }) => id === wanted || userId(id) === wanted);
    const channel = state.channels.find(({ id }) => id === withoutThread(conversation));
    const isThere = channel
      ? found && channel.members.includes(found.id)
      : found && personOf(state, conversation) === found;
    return found && isThere
      ? { status: 200, body: memberBody(found, parts.tenantId) }
      : no(404, "MemberNotFoundInConversation");
  };

  const answerTo = (call: ReturnType<typeof routed>): Reply => {
    switch (call?.kind) {
      case "create":
        return create(call.body);
      case "send":
        return send(call.conversation, call.body);
      case "update":
        return update(call.conversation, call.id, call.body);
      case "member":
        return member(call.conversation, call.id);
      case "members":
        return closed(call.conversation) ?? { status: 200, body: { members: [] } };
      default:
        return no(404, "NotFound");
    }
  };

  return (method, path, body) => {
    const call = routed(method, path, body);
    if (call === undefined) return no(404, "NotFound");
    const place = placeOf(call, state);
    const done = (reply: Reply): Reply => {
      state.calls.push({ kind: call.kind, conversation: place, status: reply.status });
      return reply;
    };
    const counts = call.kind !== "member" && call.kind !== "members";
    const fault = faults.take(call.kind, [place, personOf(state, place)?.id ?? place]);
    if (fault?.kind === "status") {
      const wait = fault.retryAfter;
      return done({
        ...no(fault.status, fault.code ?? "Fault"),
        ...(wait !== undefined && { headers: { "retry-after": String(wait) } }),
      });
    }
    if (counts && !rates.take(place))
      return done({ ...no(429, "TooManyRequests"), headers: { "retry-after": "1" } });
    const reply = done(answerTo(call));
    return {
      ...reply,
      ...(fault?.kind === "reply-lost" && { lost: true }),
      ...(fault?.kind === "hangs" && { hangs: true }),
    };
  };
}

function memberBody(person: Person, home: string): Json {
  return {
    id: userId(person.id),
    name: person.name,
    aadObjectId: person.id,
    objectId: person.id,
    tenantId: person.tenant ?? home,
    userRole: person.guest ? "guest" : "user",
    userPrincipalName: `${person.name.toLowerCase().replaceAll(" ", ".")}@example.com`,
  };
}

function memberIn({ members }: Json): string | undefined {
  return Array.isArray(members) ? textAt(members[0], "id") : undefined;
}

function routed(method: string, path: string, body: Json) {
  const [, , , conversation = "", what, id = ""] =
    path.split("?")[0]?.split("/").map(decodeURIComponent) ?? [];
  const call = (kind: ApiCall["kind"]) => ({ kind, conversation, id, body }) as const;
  if (method === "POST" && path.endsWith("/v3/conversations")) return call("create");
  if (method === "POST" && what === "activities") return call("send");
  if (method === "PUT" && what === "activities") return call("update");
  if (method === "GET" && what === "members") return call("member");
  if (method === "GET" && what === "pagedmembers") return call("members");
  return undefined;
}

/** The conversation a call is about; for a chat that is yet to be opened, the one it will be. */
function placeOf(call: NonNullable<ReturnType<typeof routed>>, state: State): string {
  if (call.kind !== "create") return withoutThread(call.conversation);
  const channel = textAt(call.body, "channelData", "channel", "id");
  return channel ?? chatId(state, memberIn(call.body) ?? "");
}
