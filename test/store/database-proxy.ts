/** Stands between a store and its database, and does to their connections what networks and fail-overs do. */
import { connect, createServer, type Socket } from "node:net";

/** The name of a statement as it stands in the protocol: the engine prepares these two under just such names. */
const COMMIT = Buffer.from("\0commit\0");
const TURN = Buffer.from("\0turn\0");

/** What the server ends each of its answers with: ReadyForQuery, and the state of the transaction. */
const READY = /Z\0\0\0\x05[ITE]$/;

export interface DatabaseProxy {
  readonly url: string;
  /** Closes every connection and takes no new ones. */
  down(): void;
  up(): void;
  /** Closes every connection, and takes new ones. */
  cut(): void;
  /** What becomes of the next commit: it is done and its answer lost, or it is lost on its way. Once. */
  lose(what: "answer" | "commit"): void;
  /** The next transaction that has its turn hears and says nothing more until `thaw`. */
  freeze(): Promise<void>;
  thaw(): void;
  close(): Promise<void>;
}

export async function databaseProxy(database: string): Promise<DatabaseProxy> {
  const target = new URL(database);
  const pairs = new Set<{ readonly client: Socket; readonly server: Socket }>();
  let isDown = false;
  let losing: "answer" | "commit" | undefined;
  let freezing: (() => void) | undefined;
  let thaw: (() => void) | undefined;

  const listener = createServer((client) => {
    if (isDown) {
      client.destroy();
      return;
    }
    const server = connect(Number(target.port), target.hostname);
    const pair = { client, server };
    let answerIsLost = false;
    pairs.add(pair);
    const end = () => {
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    client.on("data", (data) => {
      if (losing && data.includes(COMMIT)) {
        const what = losing;
        losing = undefined;
        if (what === "commit") return end();
        answerIsLost = true;
      }
      server.write(data);
      if (freezing && data.includes(TURN)) {
        freezing();
        freezing = undefined;
        client.pause();
        thaw = () => client.resume();
      }
    });
    server.on("data", (data) => {
      if (!answerIsLost) client.write(data);
      else if (READY.test(data.toString("latin1"))) end();
    });
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on("error", end);
      socket.on("close", end);
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const url = new URL(database);
  url.port = String(typeof address === "object" && address ? address.port : 0);

  const cut = () => {
    for (const { client, server } of pairs) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    url: url.href,
    down() {
      isDown = true;
      cut();
    },
    up() {
      isDown = false;
    },
    cut,
    lose(what) {
      losing = what;
    },
    freeze: () =>
      new Promise((resolve) => {
        freezing = resolve;
      }),
    thaw: () => thaw?.(),
    async close() {
      cut();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
