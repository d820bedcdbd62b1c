/** One keep-alive connection that sends the next request as soon as the last is answered: a client that costs little itself. */
import { connect, type Socket } from "node:net";

export interface Exchange {
  /** When the next request is to leave, on the clock of `performance.now`; 0: as soon as the one before is answered. */
  due(): number;
  /** The next request, as bytes; undefined ends the connection. */
  next(): Buffer | undefined;
  /** `ms` since it left, or was to leave. `body` is a view that is valid only during the call. */
  answered(status: number, body: Buffer, ms: number): void;
}

const BLANK_LINE = "\r\n\r\n";
const NOTHING = Buffer.alloc(0);

/** Resolves when `next` has nothing more to send. @throws when the server closes or breaks the connection. */
export function exchange(url: URL, { due, next, answered }: Exchange): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket: Socket = connect({ port: Number(url.port), host: url.hostname, noDelay: true });
  let held: Buffer = NOTHING;
  let sentAt = 0;
  let over = false;

  const send = () => {
    const at = due();
    const early = at - performance.now();
    if (early > 0) setTimeout(leave, early, at);
    else leave(at);
  };
  const leave = (at: number) => {
    const request = next();
    if (request === undefined) {
      over = true;
      socket.end();
      resolve();
      return;
    }
    sentAt = at || performance.now();
    socket.write(request);
  };
  socket.on("connect", send);
  socket.on("data", (chunk: Buffer) => {
    const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const answer = readAnswer(bytes);
    if (answer === undefined) {
      held = bytes;
      return;
    }
    held = NOTHING;
    answered(answer.status, answer.body, performance.now() - sentAt);
    send();
  });
  const fail = (error: Error) => {
    if (!over) reject(error);
  };
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the server closed a connection that it should have kept")));
  return promise;
}

/** A whole answer with `content-length`; undefined while some of it is missing. Nothing may follow it. */
function readAnswer(bytes: Buffer): { readonly status: number; readonly body: Buffer } | undefined {
  const end = bytes.indexOf(BLANK_LINE);
  if (end === -1) return undefined;
  const head = bytes.toString("latin1", 0, end);
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  const status = Number(head.slice(9, 12));
  if (length === undefined && status !== 204 && status !== 304) {
    throw new Error(`an answer without content-length: ${head}`);
  }
  const start = end + BLANK_LINE.length;
  const stop = start + Number(length ?? 0);
  return bytes.length < stop ? undefined : { status, body: bytes.subarray(start, stop) };
}
