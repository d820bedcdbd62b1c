/** response_url: five posts within thirty minutes, to one person or, if the app says so, to the channel. */
import { randomBytes } from "node:crypto";
import { isYes, refuse } from "./answers.ts";
import { isObject, type Json, type JsonObject, listIn, textIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { refuseBlocks } from "./methods-chat.ts";
import { addMessage, fillIds, type Message, replaceMessage, rewriteMessage, type State } from "./state.ts";

interface Ticket {
  readonly user: string;
  readonly channel: string;
  /** The message the click came from. */
  readonly ts: string | undefined;
  readonly threadTs: string | undefined;
  readonly issuedAt: number;
  uses: number;
}

/** One post to a response_url, as the app made it and as it was answered. */
export interface ResponsePost {
  readonly at: number;
  readonly body: JsonObject;
  readonly ok: boolean;
  readonly error: string | undefined;
}

export interface ResponseUrls {
  issue(about: { readonly user: string; readonly channel: string; readonly message?: Message }): string;
  /** `undefined`: no such address. */
  receive(
    token: string,
    body: Json | undefined,
  ): { readonly status: number; readonly body: JsonObject | "ok" } | undefined;
  posts(): readonly ResponsePost[];
}

export function createResponseUrls(state: State, address: () => string): ResponseUrls {
  const tickets = new Map<string, Ticket>();
  const posts: ResponsePost[] = [];
  const judge = (ticket: Ticket, body: JsonObject): JsonObject | undefined => {
    if (state.clock.now() - ticket.issuedAt > LIMITS.responseUrlMs) return refuse("expired_url");
    if (ticket.uses >= LIMITS.responseUrlUses) return refuse("used_url");
    const fault = refuseBlocks(body.blocks);
    if (fault !== undefined) return fault;
    const isEmpty = (textIn(body.text) ?? "") === "" && listIn(body.blocks).length === 0;
    return isEmpty && !isYes(body.delete_original) ? refuse("no_text") : undefined;
  };
  return {
    issue({ user, channel, message }) {
      const token = randomBytes(18).toString("base64url");
      tickets.set(token, {
        user,
        channel,
        ts: message?.ts,
        threadTs: message?.threadTs,
        issuedAt: state.clock.now(),
        uses: 0,
      });
      return `${address()}/${token}`;
    },
    receive(token, sent) {
      const ticket = tickets.get(token);
      if (ticket === undefined) return undefined;
      const body = isObject(sent) ? sent : {};
      const fault = isObject(sent) ? judge(ticket, body) : refuse("invalid_payload");
      posts.push({ at: state.clock.now(), body, ok: fault === undefined, error: textIn(fault?.error) });
      if (fault !== undefined)
        return {
          status: fault.error === "used_url" || fault.error === "expired_url" ? 404 : 400,
          body: fault,
        };
      ticket.uses += 1;
      applyResponse(state, ticket, body);
      return { status: 200, body: "ok" };
    },
    posts: () => posts,
  };
}

/** Does what an app's answer asks for; also used for the direct answer to a slash command. */
export function applyResponse(
  state: State,
  about: Pick<Ticket, "user" | "channel" | "ts" | "threadTs">,
  body: JsonObject,
): void {
  const original = state.messages.find(
    ({ channel, ts, deleted }) => channel === about.channel && ts === about.ts && !deleted,
  );
  const content = { text: textIn(body.text) ?? "", blocks: fillIds(listIn(body.blocks)) };
  if (original !== undefined && isYes(body.delete_original)) {
    replaceMessage(state, original, { deleted: true });
    return;
  }
  if (original !== undefined && isYes(body.replace_original)) {
    rewriteMessage(state, original, content);
    return;
  }
  const threadTs = textIn(body.thread_ts) ?? (original === undefined ? undefined : about.threadTs);
  addMessage(state, {
    ...content,
    channel: about.channel,
    user: state.app.botUserId,
    threadTs,
    onlyFor: body.response_type === "in_channel" ? undefined : about.user,
  });
}
