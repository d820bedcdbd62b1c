/** The agents' own book: every callback that is believed is on disk before it is answered, repetitions included. */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface Told {
  /** The callback's id: whoever has read it once passes over it the next time. */
  readonly id: string;
  readonly escalation: string;
  readonly body: string;
}

export interface Ledger {
  readonly url: string;
  /** Believed from now on. */
  readonly secrets: string[];
  /** Callbacks that no secret of ours had signed. */
  refused(): number;
  /** As it stands on disk. */
  read(): readonly Told[];
  /** Callbacks about this escalation are taken and not answered until they may be: all, or the first so many. */
  hold(escalation: string, attempts?: number): { arrivals(): number; release(): void };
  close(): Promise<void>;
}

export async function startLedger(path: string): Promise<Ledger> {
  const file = openSync(path, "a");
  const secrets: string[] = [];
  const held = new Map<
    string,
    { count: number; readonly attempts: number; readonly released: Promise<void> }
  >();
  let refused = 0;

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    if (!secrets.some((secret) => isSigned(secret, body, headers))) {
      refused += 1;
      response.writeHead(401).end();
      return;
    }
    const { type, data } = JSON.parse(body);
    if (type === "escalation.decided") {
      const told: Told = { id: headers["webhook-id"] ?? "", escalation: data.id, body };
      writeSync(file, `${JSON.stringify(told)}\n`);
      fsyncSync(file);
    }
    const waits = held.get(data.id);
    if (waits) {
      waits.count += 1;
      if (waits.count <= waits.attempts) await waits.released;
    }
    response.writeHead(200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    secrets,
    refused: () => refused,
    read: () =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    hold(escalation, attempts = Number.POSITIVE_INFINITY) {
      let release = () => {};
      const waits = {
        count: 0,
        attempts,
        released: new Promise<void>((resolve) => {
          release = resolve;
        }),
      };
      held.set(escalation, waits);
      return {
        arrivals: () => waits.count,
        release() {
          held.delete(escalation);
          release();
        },
      };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      closeSync(file);
    },
  };
}

function isSigned(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}
