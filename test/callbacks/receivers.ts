/** Real servers on the loopback interface that stand in for agents' callback addresses. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Receiver {
  readonly port: number;
  /** The local address of every TCP connection so far, whether or not anything was sent over it. */
  readonly connections: readonly string[];
  close(): Promise<void>;
}

/** An HTTP server on all addresses of this machine. */
export function httpReceiver(answer: RequestListener): Promise<Receiver> {
  return started(createHttpServer(answer));
}

/** An HTTPS server with a certificate of its own. */
export function httpsReceiver(certificate: Certificate, answer: RequestListener): Promise<Receiver> {
  return started(createHttpsServer(certificate, answer));
}

/** A server that does with the socket what no HTTP server would. */
export function tcpReceiver(answer: (socket: Socket) => void): Promise<Receiver> {
  return started(createServer(answer));
}

/** A server that must never be reached: it only counts. */
export function sentinel(): Promise<Receiver> {
  return tcpReceiver((socket) => socket.destroy());
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A fresh self-signed certificate for one host name; node:crypto cannot make one, the openssl command can. */
export function selfSignedCertificate(hostname: string): Certificate {
  const directory = mkdtempSync(join(tmpdir(), "holdpoint-tls-"));
  const [key, cert] = [join(directory, "key.pem"), join(directory, "cert.pem")];
  try {
    const subject = ["-subj", `/CN=${hostname}`, "-addext", `subjectAltName=DNS:${hostname}`];
    const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    execFileSync("openssl", ["req", "-x509", ...kind, ...subject, "-keyout", key, "-out", cert], {
      stdio: "pipe",
    });
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function started(server: Server): Promise<Receiver> {
  const connections: string[] = [];
  const open = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.push(socket.localAddress ?? "closed at once");
    open.add(socket);
    socket.on("close", () => open.delete(socket));
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}
