/** Hears what other replicas commit, knows how old its knowledge is, and connects again whenever the connection is lost. */
import pg from "pg";
import type { News } from "../application/ports.ts";
import { readMessage } from "./news.ts";

/** Milliseconds. What other replicas committed longer ago than this must have been taken in. */
const OLDEST = 1_000;
const HEARTBEAT = 250;
/** A heartbeat that is not answered for so long means that the connection is dead, whatever the network says. */
const SILENCE = 800;
const BETWEEN_TRIES = 250;

type Hear = (news: News | "anything") => Promise<void> | void;

export interface Listener {
  onElsewhere(hear: Hear): void;
  /** Tells the listeners of this process that something may have been missed. */
  missed(): void;
  current(): boolean;
  close(): Promise<void>;
}

/** Resolves once it listens; from then on nothing is missed without saying so. */
export async function createListener(options: {
  readonly connection: pg.ClientConfig;
  readonly channel: string;
  /** Messages under this name are this replica's own. */
  readonly name: string;
}): Promise<Listener> {
  const listeners: Hear[] = [];
  /** Deliveries that their listeners are not done with; what they tell was committed after `since`. */
  const underWay = new Set<{ readonly since: number }>();
  let client: pg.Client | undefined;
  let closed = false;
  /** Everything that had been committed by then has been delivered. */
  let heardUntil = Number.NEGATIVE_INFINITY;
  let beat: NodeJS.Timeout | undefined;

  /**
   * To one listener after the other, until each is done with it: meanwhile, `current` turns to no after a second. That second
   * began when all was last heard, and not now: a replica that was stopped for a while finds old news in its connection.
   */
  async function deliver(news: News | "anything", since = heardUntil): Promise<void> {
    const delivery = { since };
    underWay.add(delivery);
    for (const hear of listeners) {
      for (let now = news; !closed; now = "anything") {
        try {
          await hear(now);
          break;
        } catch {
          await pause(BETWEEN_TRIES);
        }
      }
    }
    underWay.delete(delivery);
  }

  async function connect(): Promise<void> {
    const next = new pg.Client({ ...options.connection, keepAlive: true, connectionTimeoutMillis: 5_000 });
    const lost = () => {
      if (client !== next) return;
      client = undefined;
      clearTimeout(beat);
      void connectAgain();
    };
    next.on("error", lost);
    next.on("end", lost);
    next.on("notification", ({ payload }) => {
      const { from, news } = readMessage(payload ?? "");
      if (from !== options.name) void deliver(news);
    });
    try {
      await next.connect();
      const asked = performance.now();
      await next.query(`listen "${options.channel}"`);
      heardUntil = asked;
    } catch (error) {
      await next.end().catch(() => {});
      throw error;
    }
    if (closed) return next.end();
    client = next;
    beat = setTimeout(() => void heartbeat(next), HEARTBEAT);
  }

  async function connectAgain(): Promise<void> {
    const heardBefore = heardUntil;
    while (!closed && !client) {
      await pause(BETWEEN_TRIES);
      await connect().catch(() => {});
    }
    // What was committed in between was told to nobody here.
    if (!closed) void deliver("anything", heardBefore);
  }

  /** The server sends what it has to tell before it answers, so an answer means that nothing is left from before. */
  async function heartbeat(on: pg.Client): Promise<void> {
    const asked = performance.now();
    const silence = setTimeout(() => drop(on), SILENCE);
    try {
      await on.query("select 1");
      heardUntil = asked;
      if (!closed && client === on) beat = setTimeout(() => void heartbeat(on), HEARTBEAT);
    } catch {
      drop(on);
    } finally {
      clearTimeout(silence);
    }
  }

  function drop(on: pg.Client): void {
    (
      on as unknown as { readonly connection: { readonly stream: { destroy(): void } } }
    ).connection.stream.destroy();
  }

  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      setTimeout(resolve, ms).unref();
    });

  await connect();
  return {
    onElsewhere: (hear) => {
      listeners.push(hear);
    },
    missed: () => void deliver("anything"),
    current() {
      const since = performance.now() - OLDEST;
      if (heardUntil < since) return false;
      for (const delivery of underWay) if (delivery.since < since) return false;
      return true;
    },
    async close() {
      closed = true;
      clearTimeout(beat);
      await client?.end().catch(() => {});
    },
  };
}
