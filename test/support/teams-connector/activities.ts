/** The activities that Teams sends to a bot, in the shapes it really sends them. */
import { randomUUID } from "node:crypto";
import type { Json } from "./json.ts";
import { chatId, type Person, type State, userId } from "./state.ts";

export interface Sender {
  readonly state: State;
  readonly tenantId: string;
  readonly appId: string;
  readonly serviceUrl: string;
}

/** Where something is done: a person's own chat, or a channel (with `;messageid=` a thread of it). */
export function activityBy(sender: Sender, person: Person, where: string | undefined, more: Json): Json {
  const { tenantId, appId, serviceUrl } = sender;
  const conversation = where ?? chatId(sender.state, person.id);
  const personal = where === undefined || where.startsWith("a:");
  const channel = personal ? {} : { channel: { id: conversation.replace(/;.*$/, "") } };
  return {
    id: `f:${randomUUID()}`,
    timestamp: new Date().toISOString(),
    channelId: "msteams",
    serviceUrl,
    from: { id: userId(person.id), name: person.name, aadObjectId: person.id },
    recipient: { id: `28:${appId}`, name: "Holdpoint" },
    conversation: {
      id: conversation,
      tenantId,
      conversationType: personal ? "personal" : "channel",
      ...(!personal && { isGroup: true }),
    },
    channelData: { tenant: { id: tenantId }, ...channel },
    entities: [],
    ...more,
  };
}

export function messageOf(text: string, appId: string, mentioned: boolean): Json {
  const name = "<at>Holdpoint</at>";
  return {
    type: "message",
    text: mentioned ? `${name} ${text}` : text,
    textFormat: "plain",
    ...(mentioned && {
      entities: [{ type: "mention", text: name, mentioned: { id: `28:${appId}`, name: "Holdpoint" } }],
    }),
  };
}

export function execution(data: Json, replyToId: string): Json {
  return {
    type: "invoke",
    name: "adaptiveCard/action",
    replyToId,
    value: { action: { type: "Action.Execute", verb: "holdpoint", data }, trigger: "manual" },
  };
}

/** What a client sends without anybody pressing anything. */
export function refreshed(action: unknown, replyToId: string, trigger: "automatic" | "manual"): Json {
  return { type: "invoke", name: "adaptiveCard/action", replyToId, value: { action, trigger } };
}

/** The fall-back of a button, as an old client sends it. */
export function submission(data: Json, replyToId: string): Json {
  return { type: "message", replyToId, value: data };
}

export function flagOn(message: { readonly id: string; readonly link: string }): Json {
  return {
    type: "invoke",
    name: "composeExtension/fetchTask",
    value: {
      commandId: "somethingFeelsOff",
      commandContext: "message",
      messagePayload: { id: message.id, linkToMessage: message.link },
    },
  };
}

export function dialogSubmission(data: Json): Json {
  return {
    type: "invoke",
    name: "composeExtension/submitAction",
    value: { commandId: "somethingFeelsOff", commandContext: "message", data },
  };
}

export function installation(action: "add" | "remove"): Json {
  return { type: "installationUpdate", action };
}
