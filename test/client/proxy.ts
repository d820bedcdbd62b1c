/** What may stand between an agent and Holdpoint: passes requests on, counts them, and meddles or fails when told to. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Meddle = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface MeddlingProxy {
  readonly url: string;
  /** Method and path of each request that came, oldest first. */
  readonly requests: readonly string[];
  /** How many are under way. */
  underWay(): number;
  /** Changes the JSON of answers. */
  tamper(change: (body: Body, path: string) => unknown): void;
  /** Answers instead of the server as long as it returns true. */
  meddle(instead: Meddle): void;
  /** Cuts every connection. */
  drop(): void;
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as it came.
type Body = any;

export async function startProxy(target: string | (() => string)): Promise<MeddlingProxy> {
  const requests: string[] = [];
  let underWay = 0;
  let tamper: ((body: Body, path: string) => unknown) | undefined;
  let meddle: Meddle = () => false;

  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    requests.push(`${request.method} ${path}`);
    underWay++;
    const gone = new AbortController();
    response.on("close", () => {
      underWay--;
      gone.abort();
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (meddle(request, response)) return;
    try {
      const answer = await fetch((typeof target === "string" ? target : target()) + path, {
        method: request.method ?? "GET",
        headers: Object.entries(request.headers).flatMap(([name, value]) =>
          ["host", "connection", "content-length"].includes(name) ? [] : [[name, String(value)]],
        ) as [string, string][],
        ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
        signal: gone.signal,
      });
      const text = await answer.text();
      const changed =
        tamper && answer.ok && text ? JSON.stringify(tamper(JSON.parse(text), path) ?? null) : text;
      const headers = Object.fromEntries(
        ["content-type", "etag", "retry-after"].flatMap((name) => {
          const value = answer.headers.get(name);
          return value === null ? [] : [[name, value]];
        }),
      );
      response.writeHead(answer.status, headers).end(changed);
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    underWay: () => underWay,
    tamper: (change) => {
      tamper = change;
    },
    meddle: (instead) => {
      meddle = instead;
    },
    drop: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Waits on real time until something is so, within seconds. */
export async function until(fact: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await fact())) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
