/** An agent's own address: takes callbacks over real HTTP and believes none that `standardwebhooks` does not verify. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";

export interface Callback {
  readonly id: string;
  readonly timestamp: number;
  readonly type: string;
  // biome-ignore lint/suspicious/noExplicitAny: an agent reads callbacks without our types.
  readonly data: any;
  /** The bytes as they came. */
  readonly body: string;
}

export interface CallbackReceiver {
  readonly url: string;
  /** Every one that was verified, repetitions included. */
  readonly callbacks: readonly Callback[];
  /** Why others were not believed. */
  readonly refused: readonly string[];
  of(type: string): readonly Callback[];
  /** Statuses for the next callbacks, in turn; then 200. `null` drops the connection after the callback was taken. */
  answerWith(...statuses: readonly (number | null)[]): void;
  close(): Promise<void>;
}

/**
 * @param secrets the signing secrets that count at the moment
 * @param now the test's clock, in milliseconds: the library compares timestamps with the time of day
 */
export async function startCallbackReceiver(
  secrets: () => readonly string[],
  now: () => number,
): Promise<CallbackReceiver> {
  const callbacks: Callback[] = [];
  const refused: string[] = [];
  let answers: readonly (number | null)[] = [];

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const why = whyNotVerified(body, headers, secrets(), now());
    if (why !== undefined) refused.push(why);
    else
      callbacks.push({
        ...JSON.parse(body),
        id: headers["webhook-id"] ?? "",
        timestamp: Number(headers["webhook-timestamp"]),
        body,
      });
    const [status = 200, ...rest] = answers;
    answers = rest;
    if (status === null) request.socket.destroy();
    else response.writeHead(why === undefined ? status : 401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    callbacks,
    refused,
    of: (type) => callbacks.filter((callback) => callback.type === type),
    answerWith: (...statuses) => {
      answers = statuses;
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function whyNotVerified(
  body: string,
  headers: Record<string, string>,
  secrets: readonly string[],
  now: number,
): string | undefined {
  let why: string | undefined = "there is no secret yet";
  for (const secret of secrets) {
    const real = Date.now;
    Date.now = () => now;
    try {
      new Webhook(secret).verify(body, headers);
      return undefined;
    } catch (error) {
      why = `${headers["webhook-id"]}: ${String(error)}`;
    } finally {
      Date.now = real;
    }
  }
  return why;
}
