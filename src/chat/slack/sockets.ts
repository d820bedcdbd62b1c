/** Socket Mode: two connections at any time, each replaced as soon as it is closing, silent or gone. */
import { SocketModeReceiver } from "@slack/bolt";
import type { Clock, Log } from "../../application/ports.ts";
import { isObject } from "../payload.ts";
import { webClientOptions } from "./client.ts";
import { quietLogger } from "./logger.ts";
import { refusal } from "./parse.ts";
import type { Inlet } from "./receiver.ts";

export interface Sockets {
  start(): void;
  close(): Promise<void>;
  /** Connections that Slack has greeted. */
  open(): number;
}

export interface SocketOptions {
  readonly appToken: string;
  readonly apiUrl: string | null;
  readonly take: Inlet["take"];
  /** Our app's id, where it is known. */
  readonly ourApp: () => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

/** While one connection is renewed, which Slack asks for every few hours, the other one hears. */
const CONNECTIONS = 2;
const LOOK_EVERY_MS = 2_000;
/** From asking for an address to Slack's greeting. */
const GREETING_MS = 15_000;
const FAREWELL_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
/** While nothing is connected, clicks are lost, not queued: somebody has to know. */
const ALARM_MS = 60_000;

export function createSockets(options: SocketOptions): Sockets {
  const { clock, log } = options;
  let isClosed = false;
  let connections: readonly Connection[] = [];
  let lastOpenAt = clock.now();
  let alarmedAt = 0;
  let timer: NodeJS.Timeout | undefined;

  const watch = () => {
    const now = clock.now();
    if (connections.some((one) => one.isOpen())) lastOpenAt = now;
    else if (now - lastOpenAt >= ALARM_MS && now - alarmedAt >= ALARM_MS) {
      alarmedAt = now;
      log.error(
        { platform: "slack", seconds: Math.round((now - lastOpenAt) / 1_000) },
        "No socket to Slack: clicks are lost until it is back. Check SLACK_APP_TOKEN and the way to wss-primary.slack.com",
      );
    }
  };

  const keepOne = async (): Promise<void> => {
    let wait = FIRST_WAIT_MS;
    while (!isClosed) {
      const connection = connect(options);
      connections = [...connections, connection];
      const wasOpen = await connection.ended;
      connections = connections.filter((one) => one !== connection);
      if (isClosed) return;
      // A connection that had stood is replaced at once; one that never did is not hammered.
      if (wasOpen) wait = FIRST_WAIT_MS;
      else {
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_WAIT_MS);
      }
    }
  };

  return {
    start() {
      timer = setInterval(watch, LOOK_EVERY_MS);
      timer.unref();
      for (let n = 0; n < CONNECTIONS; n += 1) void keepOne();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      for (const one of connections) one.end();
      await Promise.all(connections.map(({ ended }) => ended));
    },
    open: () => connections.filter((one) => one.isOpen()).length,
  };
}

interface Connection {
  isOpen(): boolean;
  end(): void;
  /** Whether it ever stood; never rejects. */
  readonly ended: Promise<boolean>;
}

/**
 * One connection, from its address to its end. The library's own reconnecting is off: it waits five seconds each time, and its
 * half-closed sockets may linger for thirty. Its pings (every 1.7 s) close a socket that has gone silent.
 */
function connect(options: SocketOptions): Connection {
  const { client } = new SocketModeReceiver({
    appToken: options.appToken,
    autoReconnectEnabled: false,
    logger: quietLogger(options.log),
    installerOptions: { clientOptions: webClientOptions({ ...options, timeoutMs: 10_000 }) },
  });
  let stood = false;
  let isOver = false;
  const { promise: ended, resolve } = Promise.withResolvers<boolean>();
  const end = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(greeting);
    clearInterval(look);
    resolve(stood);
    hangUp(client);
  };
  const greeting = setTimeout(() => {
    if (!stood) end();
  }, GREETING_MS);
  // What is no longer open is on its way out, however long the library still waits for a farewell.
  const look = setInterval(() => {
    if (stood && client.websocket?.isActive() !== true) end();
  }, LOOK_EVERY_MS);
  client.on("connected", () => {
    stood = true;
  });
  client.on("close", end);
  client.on("disconnected", end);
  // Ended while it waited for its address: the library goes on to connect all the same.
  client.on("connecting", () => {
    if (isOver) queueMicrotask(() => hangUp(client));
  });
  client.on("slack_event", (envelope: unknown) => void hear(options, envelope));
  client.start().catch(end);
  return { isOpen: () => stood && !isOver && client.websocket?.isActive() === true, end, ended };
}

/** Says goodbye, and a second later leaves without an answer: the second call closes the line. */
function hangUp(client: SocketModeReceiver["client"]): void {
  client.disconnect().catch(() => undefined);
  setTimeout(() => client.websocket?.disconnect(), FAREWELL_MS);
}

interface Envelope {
  readonly body: unknown;
  readonly ack: (response?: unknown) => Promise<void>;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

/** No acknowledgement, no answer: then the person sees Slack's own error after three seconds. */
async function hear({ take, ourApp, log }: SocketOptions, given: unknown): Promise<void> {
  const envelope = given as Envelope;
  if (!isObject(envelope.body)) return;
  const no = refusal(envelope.body, ourApp());
  if (no !== undefined) {
    log.warn({ platform: "slack" }, `A payload was refused. ${no}`);
    return;
  }
  const num = envelope.retry_num ?? 0;
  try {
    const answer = await take(
      envelope.body,
      num > 0 ? { num, reason: envelope.retry_reason ?? "" } : undefined,
    );
    await envelope.ack(answer);
  } catch {
    // Said and logged where it happened.
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
