/** What every action of a person needs: the state, the way to the app, and what the person is told when it fails. */
import type { Answer, Deliver, Delivery } from "./deliver.ts";
import { type JsonObject, objectIn, textIn } from "./json.ts";
import type { ResponseUrls } from "./response-urls.ts";
import { type Channel, type Message, type State, tell } from "./state.ts";

export interface Desk {
  readonly state: State;
  readonly deliver: Deliver;
  readonly responseUrls: ResponseUrls;
  /** Whether events that failed come again: at once, after one minute, after five. */
  readonly retriesEvents: boolean;
}

/** Where a message stands, as tests name it. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Throws when nobody of that id could act: the mistake is the test's. */
export function actor(state: State, userId: string): string {
  const user = state.users.get(userId);
  if (user === undefined)
    throw new Error(`No user ${userId}; there are ${[...state.users.keys()].join(", ")}`);
  if (user.deleted) throw new Error(`${userId} is deactivated and can't do anything`);
  return userId;
}

/** The message where a person looks at it; throws when they can't see it. */
export function visible(
  state: State,
  userId: string,
  { channel: id, ts }: Place,
): { channel: Channel; message: Message } {
  const channel = state.channels.get(id);
  if (channel === undefined) throw new Error(`No channel ${id}`);
  if (!channel.members.has(userId)) throw new Error(`${userId} is no member of ${id}`);
  const message = state.messages.find((one) => one.channel === id && one.ts === ts && !one.deleted);
  if (message === undefined) throw new Error(`No message ${ts} in ${id}`);
  if (message.onlyFor !== undefined && message.onlyFor !== userId)
    throw new Error(`${userId} can't see ${ts}: it is for ${message.onlyFor} only`);
  return { channel, message };
}

/** Sends, and tells the person when the app did not acknowledge. */
export async function sendFor(desk: Desk, userId: string, what: string, delivery: Delivery): Promise<Answer> {
  const answer = await desk.deliver(delivery);
  const said = complaintAbout(answer, what);
  if (said !== undefined) tell(desk.state, userId, said.problem, said.text);
  return answer;
}

function complaintAbout(answer: Answer, what: string): { problem: string; text: string } | undefined {
  switch (answer.outcome) {
    case "acknowledged":
    case "withheld":
      return undefined;
    case "timed-out":
      return { problem: "operation_timeout", text: `${what} failed with the error “operation_timeout”.` };
    case "refused":
      return {
        problem: `http_${answer.status}`,
        text: `${what} failed: the app answered with status ${answer.status}.`,
      };
    case "unreachable":
      return { problem: "dispatch_failed", text: `${what} failed with the error “dispatch_failed”.` };
  }
}

const RETRY_AFTER_MS = [0, 60_000, 300_000] as const;

/** Sends an event the app subscribed to; `undefined` when it did not. */
export async function sendEvent(
  desk: Desk,
  subscription: string,
  payload: JsonObject,
): Promise<Answer | undefined> {
  const { events } = desk.state.installed;
  if (events !== undefined && !events.has(subscription)) return undefined;
  const answer = await desk.deliver({ type: "events_api", payload });
  if (desk.retriesEvents) retryLater(desk, payload, answer, 0);
  return answer;
}

function retryLater(desk: Desk, payload: JsonObject, last: Answer, tried: number): void {
  const wait = RETRY_AFTER_MS[tried];
  const isDone = last.outcome === "acknowledged" || last.headers["x-slack-no-retry"] === "1";
  if (isDone || wait === undefined) return;
  const reason =
    last.outcome === "timed-out"
      ? "http_timeout"
      : last.outcome === "refused"
        ? "http_error"
        : "connection_failed";
  desk.state.clock.after(wait, () => {
    void desk
      .deliver({ type: "events_api", payload, retry: { attempt: tried + 1, reason } })
      .then((answer) => retryLater(desk, payload, answer, tried + 1));
  });
}

/** The name of what was used, for the words a person reads. */
export function labelOf(element: JsonObject): string {
  return textIn(objectIn(element.text).text) ?? textIn(element.action_id) ?? "This";
}
