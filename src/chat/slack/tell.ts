/** Says something to one person: where they are, else through the answer address of their click, else in direct messages. */
import type { RespondFn } from "@slack/bolt";
import type { Log } from "../../application/ports.ts";
import type { Client } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import type { Pace } from "./pace.ts";
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

/** Milliseconds: cards that wait for the same channel may go first a few times. */
const LONGEST_TURN_MS = 10_000;

const LITERAL = { parse: "none", link_names: false, unfurl_links: false, unfurl_media: false } as const;

/** Never throws: that nobody could be told is logged. */
export function createTell(parts: {
  readonly client: Client;
  readonly conversations: Conversations;
  readonly pace: Pace;
  readonly log: Log;
}): Tell {
  const { client, conversations, pace, log } = parts;

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
    if (opened.kind !== "open" || !(await inTurn(pace, opened.channel))) return false;
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

/** What a person waits for is said at Slack's pace too: as soon as it is its turn, unless that is too long a wait. */
async function inTurn(pace: Pace, channel: string): Promise<boolean> {
  const until = performance.now() + LONGEST_TURN_MS;
  for (;;) {
    const wait = await pace.take("chat.postMessage", channel);
    if (wait === 0) return true;
    if (performance.now() + wait > until) return false;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}
