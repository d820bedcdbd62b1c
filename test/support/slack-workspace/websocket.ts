/** The server's side of RFC 6455, as much of it as Socket Mode needs: text, ping, pong and close. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

export interface Connection {
  send(text: string): void;
  ping(): void;
  /** Starts the closing handshake. */
  close(code: number): void;
  /** Cuts the line without a word, as a lost network does. */
  cut(): void;
}

export interface ConnectionEvents {
  readonly text: (text: string) => void;
  readonly closed: () => void;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const OPCODE = { continuation: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;
const MAX_FRAME = 1_000_000;

/** Answers the upgrade request; `undefined`, and a closed line, when it is none. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  events: ConnectionEvents,
): Connection | undefined {
  const key = request.headers["sec-websocket-key"];
  if (request.headers.upgrade?.toLowerCase() !== "websocket" || key === undefined) {
    socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    return undefined;
  }
  const accept = createHash("sha1")
    .update(key + GUID)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  const send = (opcode: number, payload: Buffer) => {
    if (socket.writable) socket.write(frame(opcode, payload));
  };
  const read = createReader((opcode, payload) => {
    if (opcode === OPCODE.text) events.text(payload.toString("utf8"));
    else if (opcode === OPCODE.ping) send(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      send(OPCODE.close, payload.subarray(0, 2));
      socket.end();
    }
  });
  const feed = (chunk: Buffer) => {
    if (!read(chunk)) socket.destroy();
  };
  socket.on("data", feed);
  socket.on("error", () => socket.destroy());
  socket.once("close", events.closed);
  if (head.length > 0) feed(head);
  return {
    send: (text) => send(OPCODE.text, Buffer.from(text, "utf8")),
    ping: () => send(OPCODE.ping, Buffer.from("alive")),
    close(code) {
      const payload = Buffer.alloc(2);
      payload.writeUInt16BE(code);
      send(OPCODE.close, payload);
    },
    cut: () => socket.destroy(),
  };
}

/** A server's frames are whole and unmasked. */
function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  if (length < 126) return Buffer.concat([Buffer.from([0x80 | opcode, length]), payload]);
  const header = Buffer.alloc(length < 65_536 ? 4 : 10);
  header[0] = 0x80 | opcode;
  if (length < 65_536) {
    header[1] = 126;
    header.writeUInt16BE(length, 2);
  } else {
    header[1] = 127;
    header.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([header, payload]);
}

interface Frame {
  readonly final: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly size: number;
}

/** Collects bytes into frames and frames into messages; answers false when the peer breaks the protocol. */
function createReader(deliver: (opcode: number, payload: Buffer) => void): (chunk: Buffer) => boolean {
  let bytes: Buffer = Buffer.alloc(0);
  let parts: Buffer[] = [];
  return (chunk) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (let next = firstFrame(bytes); next !== undefined; next = firstFrame(bytes)) {
      if (next === "broken") return false;
      bytes = bytes.subarray(next.size);
      if (next.opcode >= OPCODE.close) deliver(next.opcode, next.payload);
      else {
        parts.push(next.payload);
        if (next.final) {
          const whole = Buffer.concat(parts);
          parts = [];
          deliver(OPCODE.text, whole);
        }
      }
    }
    return true;
  };
}

/** A client's frames are masked; anything else, or too much, is a broken peer. */
function firstFrame(bytes: Buffer): Frame | "broken" | undefined {
  if (bytes.length < 2) return undefined;
  const second = bytes.readUInt8(1);
  if ((second & 0x80) === 0) return "broken";
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskAt = 2 + lengthBytes;
  if (bytes.length < maskAt + 4) return undefined;
  const length =
    lengthBytes === 0 ? short : lengthBytes === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (length > MAX_FRAME) return "broken";
  const size = maskAt + 4 + length;
  if (bytes.length < size) return undefined;
  const mask = bytes.subarray(maskAt, maskAt + 4);
  const payload = Buffer.from(bytes.subarray(maskAt + 4, size));
  for (let index = 0; index < length; index += 1)
    payload[index] = payload.readUInt8(index) ^ mask.readUInt8(index % 4);
  const first = bytes.readUInt8(0);
  return { final: (first & 0x80) !== 0, opcode: first & 0x0f, payload, size };
}
