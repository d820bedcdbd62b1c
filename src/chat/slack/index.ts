/** Slack as a chat platform: cards as messages, clicks over HTTP or Socket Mode, everything of Bolt in this folder. */
import type { AckFn, RespondFn } from "@slack/bolt";
import type { ChatPlatform, Clock, Log, Notes, Paces, Receive } from "../../application/ports.ts";
import type { Intent } from "../../cards/intent.ts";
import { faultFacts } from "../fault-facts.ts";
import { isObject, type JsonObject } from "../payload.ts";
import { createAnswer } from "./answer.ts";
import { checkAddress } from "./check.ts";
import { createClient } from "./client.ts";
import { createConversations } from "./conversations.ts";
import { createEventGate } from "./event-gate.ts";
import { createFind } from "./find.ts";
import { createHandle } from "./handle.ts";
import { createRoute } from "./http.ts";
import { createIdentify } from "./identity.ts";
import { quietLogger } from "./logger.ts";
import { createMessages } from "./messages.ts";
import { createPace } from "./pace.ts";
import { createInlet, NotAcknowledged } from "./receiver.ts";
import { createSelf } from "./self.ts";
import type { Sockets } from "./sockets.ts";
import { createTell } from "./tell.ts";

export interface SlackOptions {
  /** `xoxb-…` */
  readonly botToken: string;
  readonly signingSecret: string;
  /** `xapp-…`: with it, Slack is heard over sockets and no route is mounted. */
  readonly appToken?: string;
  /** Where the Web API answers; Slack's own unless given. */
  readonly apiUrl?: string;
  readonly receive: Receive;
  readonly notes: Notes;
  readonly paces: Paces;
  /** `Seal.token`: what a button carries. */
  readonly token: (intent: Intent) => string;
  readonly clock: Clock;
  readonly log: Log;
  /** The console's address, for the card that fits nowhere else; null where there is none. */
  readonly publicUrl: string | null;
  /** How long `receive` may take before the person is told that it is not confirmed (2,500 ms). */
  readonly patienceMs?: number;
}

/** Posting and updating: nobody waits. */
const CARD_TIMEOUT_MS = 10_000;
/** Identity, modals and words for a person who waits: Slack gives three seconds in all. */
const PERSON_TIMEOUT_MS = 2_000;

/** Slack, ready to start. Makes no call by itself; throws when the signing secret is missing where it is needed. */
export function createSlack(options: SlackOptions): ChatPlatform {
  const { botToken, receive, notes, clock, log, appToken } = options;
  const apiUrl = options.apiUrl ?? null;
  const client = createClient({ botToken, apiUrl, timeoutMs: CARD_TIMEOUT_MS, log });
  const quick = createClient({ botToken, apiUrl, timeoutMs: PERSON_TIMEOUT_MS, log });
  const self = createSelf({ client: quick, log });
  const pace = createPace(options.paces, clock);
  const canvas = { token: options.token, consoleUrl: options.publicUrl };
  const conversations = createConversations({ client, notes, pace, clock });
  const tell = createTell({ client: quick, conversations, pace, log });
  const identify = createIdentify({ client: quick, self, clock });

  const refreshHome = async (user: string): Promise<void> => {
    const from = await identify({ user, team: undefined });
    if (from === undefined) return;
    const drawn = await receive({ kind: "home", from });
    await answer({ kind: "home", by: { user, team: undefined } }, drawn, {
      ack: async () => {},
      respond: undefined,
    });
  };
  const answer = createAnswer({ client: quick, tell, pace, canvas, log, refreshHome });
  const patienceMs = options.patienceMs ?? 2_500;
  const handle = createHandle({ receive, identify, self, answer, tell, log, patienceMs });

  /** An app-level token names its app. */
  const ourApp = () => self.known()?.app ?? /^xapp-\d+-(A[A-Z0-9]+)-/.exec(appToken ?? "")?.[1];

  let sockets: Sockets | undefined;
  const inlet = createInlet(
    async () => sockets?.start(),
    async () => sockets?.close(),
  );
  const gate = createEventGate(clock);
  let app: Promise<{ start(): Promise<unknown>; stop(): Promise<unknown> }> | undefined;

  /** Sockets need Bolt at once. Over HTTP it is loaded with the first payload: 12 MB and 0.1 s that a start need not wait for. */
  const load = async () => {
    const { App } = await import("@slack/bolt");
    if (appToken !== undefined) {
      const { createSockets } = await import("./sockets.ts");
      sockets = createSockets({ appToken, apiUrl, take, ourApp, clock, log });
    }
    const bolt = new App({
      receiver: inlet.receiver,
      authorize: async () => ({
        botToken,
        ...(self.known() && { botUserId: self.known()?.user, botId: self.known()?.bot }),
      }),
      tokenVerificationEnabled: false,
      convoStore: false,
      logger: quietLogger(log),
    });
    // One door instead of many listeners: Bolt runs every listener that matches, and each payload is to be handled once.
    bolt.use(async (given) => {
      const { body, ack, respond } = given as BoltArguments;
      if (isObject(body)) await handle(body, { ack: async (response) => ack?.(response), respond });
    });
    bolt.error(async (error) => {
      throw "original" in error && error.original instanceof Error ? error.original : error;
    });
    return bolt;
  };

  const loaded = () => {
    app ??= load();
    return app;
  };

  const take = async (body: JsonObject, retry: Parameters<typeof inlet.take>[1]): Promise<unknown> => {
    await loaded();
    try {
      return await gate.once(body, () => inlet.take(body, retry));
    } catch (error) {
      if (!(error instanceof NotAcknowledged))
        log.error({ platform: "slack", ...faultFacts(error) }, "A payload was not handled");
      throw error;
    }
  };

  return {
    name: "slack",
    routes:
      appToken === undefined
        ? [createRoute({ signingSecret: options.signingSecret, take, ourApp, clock, log })]
        : [],
    ...createMessages({ client, conversations, notes, pace, canvas, log }),
    find: createFind({ client, conversations, notes, pace, self }),
    check: (address) => checkAddress(client, address),
    async start() {
      if (appToken !== undefined) await (await loaded()).start();
      self.begin();
    },
    async close() {
      self.close();
      if (app !== undefined) await (await app).stop();
    },
  };
}

/** Of Bolt's arguments, what one door for every kind of payload needs: events have no `ack`, views no `respond`. */
interface BoltArguments {
  readonly body: unknown;
  readonly ack?: AckFn<unknown>;
  readonly respond?: RespondFn;
}
