/** Lets Bolt hear what Slack sends over HTTP or a socket, and answers Slack only when the listener has. */
import type { App, Receiver } from "@slack/bolt";
import type { JsonObject } from "../payload.ts";

/** Slack is not to be told that all is well: `words` say why. */
export class NotAcknowledged extends Error {
  override readonly name = "NotAcknowledged";
}

export interface Inlet {
  readonly receiver: Receiver;
  /**
   * Runs one verified payload through Bolt. Resolves with what Slack is to be answered; rejects when it must not be told that it
   * was handled: then the person sees Slack's own error, and an event comes again.
   */
  take(
    body: JsonObject,
    retry: { readonly num: number; readonly reason: string } | undefined,
  ): Promise<unknown>;
}

export function createInlet(start: () => Promise<void>, stop: () => Promise<void>): Inlet {
  let app: App | undefined;
  return {
    receiver: {
      init(given) {
        app = given;
      },
      start,
      stop,
    },
    take(body, retry) {
      // Bolt acknowledges an event before its listener has run; we do when it has.
      const isEvent = body.type === "event_callback";
      return new Promise((resolve, reject) => {
        if (app === undefined) {
          reject(new NotAcknowledged("Holdpoint is starting: press again in a moment."));
          return;
        }
        const ack = async (response?: unknown) => {
          if (!isEvent) resolve(response);
        };
        const event = { body, ack, ...(retry && { retryNum: retry.num, retryReason: retry.reason }) };
        app
          .processEvent(event)
          .then(
            () =>
              isEvent
                ? resolve(undefined)
                : reject(new NotAcknowledged("Holdpoint did not handle this. Nothing was changed.")),
            reject,
          );
      });
    },
  };
}
