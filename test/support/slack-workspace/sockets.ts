/** Socket Mode: tickets, up to ten connections, and each envelope to exactly one of them. */
import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { isObject, type Json, type JsonObject, objectIn, parseJson, textIn } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { acceptWebSocket, type Connection } from "./websocket.ts";

export type EnvelopeType = "events_api" | "interactive" | "slash_commands";

export interface Envelope {
  readonly type: EnvelopeType;
  readonly payload: JsonObject;
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

export interface Sockets {
  readonly count: () => number;
  /** Answers `apps.connections.open`. */
  openConnection(): JsonObject;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Sends to one connection; `acknowledged` is told of the answer. The result forgets the envelope: an answer after that counts for nothing. */
  send(envelope: Envelope, acknowledged: (payload: Json | undefined) => void): () => void;
  /** Asks the app to come back on a fresh connection, as Slack does every few hours. */
  refresh(reason?: "refresh_requested" | "warning" | "link_disabled"): void;
  /** Cuts every line without a word. */
  cut(): void;
  close(): void;
}

const PING_MS = 10_000;

export function createSockets(appId: string, address: () => string): Sockets {
  const tickets = new Set<string>();
  const open: Connection[] = [];
  const waiting = new Map<string, (payload: Json | undefined) => void>();
  let turn = 0;
  const pings = setInterval(() => {
    for (const connection of open) connection.ping();
  }, PING_MS);
  pings.unref();

  const received = (text: string) => {
    const answer = parseJson(text);
    if (!isObject(answer)) return;
    const id = textIn(answer.envelope_id) ?? "";
    const acknowledged = waiting.get(id);
    waiting.delete(id);
    acknowledged?.(answer.payload);
  };

  return {
    count: () => open.length,
    openConnection() {
      const ticket = randomBytes(16).toString("hex");
      tickets.add(ticket);
      return { ok: true, url: `${address()}?ticket=${ticket}&app_id=${appId}` };
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? "/", "http://loopback").searchParams.get("ticket") ?? "";
      if (!tickets.delete(ticket)) {
        socket.end("HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n");
        return;
      }
      const connection = acceptWebSocket(request, socket, head, {
        text: received,
        closed: () => {
          const index = connection === undefined ? -1 : open.indexOf(connection);
          if (index >= 0) open.splice(index, 1);
        },
      });
      if (connection === undefined) return;
      if (open.length >= LIMITS.socketConnections) {
        connection.send(JSON.stringify({ type: "disconnect", reason: "too_many_websockets" }));
        connection.close(1008);
        return;
      }
      open.push(connection);
      connection.send(
        JSON.stringify({
          type: "hello",
          num_connections: open.length,
          debug_info: { host: "loopback", build_number: 1, approximate_connection_time: 18_060 },
          connection_info: { app_id: appId },
        }),
      );
    },
    send({ type, payload, retry }, acknowledged) {
      turn += 1;
      const connection = open[turn % Math.max(1, open.length)];
      const envelopeId = randomUUID();
      waiting.set(envelopeId, acknowledged);
      connection?.send(
        JSON.stringify({
          envelope_id: envelopeId,
          type,
          payload,
          accepts_response_payload: acceptsResponse(type, payload),
          ...(type === "events_api"
            ? { retry_attempt: retry?.attempt ?? 0, retry_reason: retry?.reason ?? "" }
            : {}),
        }),
      );
      return () => waiting.delete(envelopeId);
    },
    refresh(reason = "refresh_requested") {
      for (const connection of open)
        connection.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "loopback" } }));
    },
    cut() {
      for (const connection of [...open]) connection.cut();
    },
    close() {
      clearInterval(pings);
      for (const connection of [...open]) {
        connection.close(1001);
        connection.cut();
      }
    },
  };
}

function acceptsResponse(type: EnvelopeType, payload: JsonObject): boolean {
  return (
    type === "slash_commands" || (type === "interactive" && objectIn(payload).type === "view_submission")
  );
}
