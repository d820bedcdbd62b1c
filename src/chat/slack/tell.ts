/** Says something to one person: where they are, else through the answer address of their click, else in direct messages. */
import type { RespondFn } from "@slack/bolt";
import type { Log } from "../../application/ports.ts";
import type { Client } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import type { Place } from "./parse.ts";
import type { Drawing } from "./render.ts";

/** Posts to the `response_url` of a payload; undefined where it has none. */
export type Respond = RespondFn | undefined;

interface Listener {
  readonly user: string;
  readonly place: Place | undefined;
  readonly respond: Respond;
}

export type Tell = (to: Listener, drawing: Drawing) => Promise<void>;

const LITERAL = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** Never throws: that nobody could be told is logged. */
export function createTell(parts: {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly log: Log;
}): Tell {
  const { client, conversations, log } = parts;

  const whereTheyAre = async ({ user, place }: Listener, drawing: Drawing): Promise<boolean> => {
    if (place === undefined) return false;
    const outcome = await client.call("chat.postEphemeral", {
      channel: place.channel,
      user,
      ...(place.thread !== undefined && { thread_ts: place.thread }),
      ...LITERAL,
      ...drawing,
    });
    return outcome.kind === "ok";
  };

  const byResponding = async ({ respond }: Listener, drawing: Drawing): Promise<boolean> => {
    if (respond === undefined) return false;
    try {
      await respond({ ...drawing, response_type: "ephemeral", replace_original: false });
      return true;
    } catch {
      return false;
    }
  };

  const directly = async ({ user }: Listener, drawing: Drawing): Promise<boolean> => {
    const opened = await conversations.open({ platform: "slack", kind: "person", id: user });
    if (opened.kind !== "open") return false;
    const outcome = await client.call("chat.postMessage", {
      channel: opened.channel,
      ...LITERAL,
      ...drawing,
    });
    return outcome.kind === "ok";
  };

  return async (to, drawing) => {
    for (const way of [whereTheyAre, byResponding, directly]) if (await way(to, drawing)) return;
    log.error({ platform: "slack", user: to.user }, "Slack took no answer to what this person did");
  };
}
