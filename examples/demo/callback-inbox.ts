/** Where Holdpoint calls the agents back: an address that takes nothing without a valid Standard Webhooks signature. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import type { Decision } from "./wire.ts";

interface ToldOutcome {
  readonly type: string;
  readonly data: { readonly id: string; readonly agent: string; readonly decision: Decision | null };
}

export interface CallbackInbox {
  /** The agent's own address; its signing secret is known from then on. */
  addressFor(agent: string, secret: string): string;
  /** What was told of an escalation, as soon as it is told; rejects after five seconds. */
  told(escalation: string): Promise<ToldOutcome>;
  /** Requests that were turned away: their signature was missing or wrong. */
  refused(): number;
  close(): Promise<void>;
}

export async function openCallbackInbox(): Promise<CallbackInbox> {
  const secrets = new Map<string, Webhook>();
  const arrived = new Map<string, PromiseWithResolvers<ToldOutcome>>();
  let refused = 0;

  const of = (id: string) => {
    const known = arrived.get(id) ?? Promise.withResolvers<ToldOutcome>();
    arrived.set(id, known);
    return known;
  };

  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString("utf8");
    try {
      const webhook = secrets.get(request.url ?? "");
      const told = webhook?.verify(body, request.headers as Record<string, string>) as
        | ToldOutcome
        | undefined;
      if (!told) throw new Error("nobody lives here");
      of(told.data.id).resolve(told);
      response.writeHead(204).end();
    } catch {
      refused += 1;
      response.writeHead(401).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  return {
    addressFor(agent, secret) {
      secrets.set(`/${agent}`, new Webhook(secret));
      return `http://127.0.0.1:${port}/${agent}`;
    },
    told: (id) =>
      Promise.race([
        of(id).promise,
        new Promise<never>((_, reject) => {
          setTimeout(
            () => reject(new Error(`no callback came for ${id} within five seconds`)),
            5_000,
          ).unref();
        }),
      ]),
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
