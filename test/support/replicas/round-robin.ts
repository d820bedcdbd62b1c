/** What stands in front of replicas: each request goes to the next one that answers health checks, as a load balancer does it. */
import { createServer, type IncomingMessage, request as send } from "node:http";
import type { AddressInfo } from "node:net";

const BETWEEN_LOOKS_MS = 250;
/** Who is silent for so long gets no more requests, and those under way are dropped. */
const PATIENCE_MS = 1_000;

export interface RoundRobin {
  readonly url: string;
  add(replica: string): void;
  close(): Promise<void>;
}

interface Backend {
  readonly url: string;
  healthy: boolean;
  readonly underWay: Set<() => void>;
}

export async function startRoundRobin(): Promise<RoundRobin> {
  let backends: readonly Backend[] = [];
  let turn = 0;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const healthy = backends.filter((backend) => backend.healthy);
    const backend = healthy[turn++ % healthy.length];
    if (!backend) {
      response.writeHead(502).end();
      return;
    }
    // Whether it was done nobody knows, so it is not sent to another replica: that is for the client to decide.
    const drop = () => {
      backend.underWay.delete(drop);
      passed.destroy();
      request.socket.destroy();
    };
    const passed = send(
      backend.url + (request.url ?? "/"),
      { method: request.method ?? "GET", headers: request.headers, agent: false },
      (answer: IncomingMessage) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on("error", drop);
        answer.on("end", () => backend.underWay.delete(drop));
      },
    );
    backend.underWay.add(drop);
    passed.on("error", drop);
    passed.end(Buffer.concat(chunks));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const look = async (backend: Backend) => {
    backend.healthy = await fetch(`${backend.url}/healthz`, {
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).then(
      (answer) => answer.ok,
      () => false,
    );
    if (!backend.healthy) for (const drop of [...backend.underWay]) drop();
  };
  const looking = setInterval(() => {
    for (const backend of backends) void look(backend);
  }, BETWEEN_LOOKS_MS);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add(url) {
      backends = [...backends, { url, healthy: true, underWay: new Set() }];
    },
    async close() {
      clearInterval(looking);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
