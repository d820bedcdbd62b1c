/** What a callback's receiver can do to us, and what we make of it, over real sockets. */
import type { IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { parseAllowList } from "../../src/callbacks/allow-list.ts";
import { type CallbackSenderOptions, createCallbackSender } from "../../src/callbacks/send-callback.ts";
import { signWebhook, verifyWebhook } from "../../src/callbacks/standard-webhooks.ts";
import { atPort, FORBIDDEN_URLS } from "./forbidden-urls.ts";
import {
  httpReceiver,
  httpsReceiver,
  type Receiver,
  selfSignedCertificate,
  sentinel,
  tcpReceiver,
} from "./receivers.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const TIMESTAMP = 1614265330;
const BODY = '{"type":"escalation.decided","data":{"reason":"passt — gut"}}';
const MESSAGE = { id: "cb_01J", timestampSeconds: TIMESTAMP, body: BODY };
const ATTEMPT = { ...MESSAGE, signature: signWebhook({ ...MESSAGE, secrets: [SECRET] }) };

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  const steps = cleanUp.reverse();
  cleanUp = [];
  for (const step of steps) await step();
});

function senderWith(options: Omit<CallbackSenderOptions, "allow"> & { allow?: readonly string[] } = {}) {
  const { allow = ["127.0.0.1"], ...rest } = options;
  const sender = createCallbackSender({ timeoutMs: 5000, ...rest, allow: parseAllowList(allow) });
  cleanUp.push(() => sender.close());
  return { sender, send: (url: string) => sender.send({ ...ATTEMPT, url }) };
}

async function running(starting: Promise<Receiver>): Promise<Receiver> {
  const receiver = await starting;
  cleanUp.push(() => receiver.close());
  return receiver;
}

/** A receiver that answers all with one status and these headers. */
function answering(status: number, headers: Record<string, string> = {}) {
  return running(httpReceiver((_, answer) => answer.writeHead(status, headers).end("{}")));
}

describe("a healthy receiver", () => {
  it("gets the signed headers and the very bytes that were signed", async () => {
    let seen:
      | { method: string | undefined; url: string | undefined; headers: IncomingHttpHeaders; body: string }
      | undefined;
    const receiver = await running(
      httpReceiver(async (request, answer) => {
        const { method, url, headers } = request;
        seen = { method, url, headers, body: await text(request) };
        answer.writeHead(204).end();
      }),
    );
    const { send } = senderWith();

    expect(await send(`http://127.0.0.1:${receiver.port}/cb?agent=7#part`)).toEqual({
      kind: "delivered",
      status: 204,
    });

    expect(seen).toEqual({
      method: "POST",
      url: "/cb?agent=7",
      body: BODY,
      headers: {
        host: `127.0.0.1:${receiver.port}`,
        connection: "keep-alive",
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(BODY)),
        "user-agent": "holdpoint",
        "webhook-id": ATTEMPT.id,
        "webhook-timestamp": String(TIMESTAMP),
        "webhook-signature": ATTEMPT.signature,
      },
    });
    const arrived = { headers: seen?.headers ?? {}, rawBody: Buffer.from(seen?.body ?? "") };
    expect(verifyWebhook({ ...arrived, secrets: [SECRET], nowMs: TIMESTAMP * 1000 })).toMatchObject({
      ok: true,
    });
  });

  it("is told many things at once", async () => {
    const receiver = await answering(200);
    const { send } = senderWith();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, () => send(`http://127.0.0.1:${receiver.port}/`)),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(["delivered"]));
  });
});

describe("an answer", () => {
  it.each([200, 201, 202, 204, 299])("of %i is a delivery", async (status) => {
    const receiver = await answering(status);
    expect(await senderWith().send(`http://127.0.0.1:${receiver.port}/`)).toEqual({
      kind: "delivered",
      status,
    });
  });

  it.each([400, 401, 404, 409, 429, 500, 502, 503, 504])("of %i is a retry", async (status) => {
    const receiver = await answering(status);
    const why = `The receiver answered ${status}.`;
    expect(await senderWith().send(`http://127.0.0.1:${receiver.port}/`)).toEqual({
      kind: "retry",
      status,
      why,
    });
  });

  it("of 410 ends it", async () => {
    const receiver = await answering(410);
    expect(await senderWith().send(`http://127.0.0.1:${receiver.port}/`)).toEqual({ kind: "gone" });
  });

  it.each([300, 301, 302, 303, 307, 308])("of %i is not followed", async (status) => {
    const guard = await running(sentinel());
    const receiver = await answering(status, { location: `http://127.0.0.1:${guard.port}/` });
    const outcome = await senderWith().send(`http://127.0.0.1:${receiver.port}/`);
    expect(outcome).toMatchObject({
      kind: "retry",
      status,
      why: expect.stringMatching(/redirects are not followed/),
    });
    expect(guard.connections).toEqual([]);
  });

  it.each([
    ["7", 7000],
    ["0", 0],
    ["3600", 3_600_000],
    ["86400", 3_600_000],
    ["9".repeat(400), 3_600_000],
    [new Date(90_000 + TIMESTAMP * 1000).toUTCString(), 90_000],
    [new Date(TIMESTAMP * 1000 - 5000).toUTCString(), 0],
    [new Date(TIMESTAMP * 1000 + 9e9).toUTCString(), 3_600_000],
    ["-5", undefined],
    ["1.5", undefined],
    ["soon", undefined],
    ["2027", 2_027_000],
    ["Mon, 99 Foo 2027 99:99:99 GMT", undefined],
  ])("that says Retry-After: %s waits %s ms", async (value, retryAfterMs) => {
    const receiver = await answering(429, { "retry-after": value });
    const { send } = senderWith({ now: () => TIMESTAMP * 1000 });
    const outcome = await send(`http://127.0.0.1:${receiver.port}/`);
    expect(outcome).toMatchObject({ kind: "retry", status: 429 });
    expect(outcome.kind === "retry" && outcome.retryAfterMs).toBe(retryAfterMs);
  });

  it("never has a word of its own in the reason", async () => {
    const receiver = await running(
      httpReceiver((_, answer) =>
        answer.writeHead(500, "AKIA-SECRET", { "x-a": "AKIA-SECRET" }).end("AKIA-SECRET"),
      ),
    );
    expect(JSON.stringify(await senderWith().send(`http://127.0.0.1:${receiver.port}/`))).not.toContain(
      "AKIA",
    );
  });

  it("of 10 GB is read to 64 KB and no further", async () => {
    const total = 10 * 1024 ** 3;
    const chunk = Buffer.alloc(64 * 1024, "x");
    let closed: (written: number) => void;
    const written = new Promise<number>((resolve) => {
      closed = resolve;
    });
    const receiver = await running(
      httpReceiver((_, answer) => {
        answer.writeHead(200, { "content-length": String(total) });
        const more = () => {
          while (!answer.destroyed && answer.write(chunk));
        };
        answer.on("drain", more).on("close", () => closed(answer.socket?.bytesWritten ?? 0));
        more();
      }),
    );
    const outcome = await senderWith().send(`http://127.0.0.1:${receiver.port}/`);
    expect(outcome).toEqual({ kind: "delivered", status: 200 });
    // What the kernel took into its buffers before we hung up comes on top of what we read.
    expect(await written).toBeLessThan(16 * 1024 ** 2);
  });

  it("that drips its head is given up when the time is over, however lively it is", async () => {
    const receiver = await running(
      tcpReceiver((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nx-slow: ");
        const drip = setInterval(() => socket.write("a"), 20);
        socket.on("close", () => clearInterval(drip));
      }),
    );
    const started = performance.now();
    const outcome = await senderWith({ timeoutMs: 300 }).send(`http://127.0.0.1:${receiver.port}/`);
    expect(outcome).toEqual({ kind: "retry", why: "The receiver did not answer in full within 0.3 s." });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("that drips its body counts by its status, and is hung up on when the time is over", async () => {
    const receiver = await running(
      httpReceiver((_, answer) => {
        answer.writeHead(200);
        const drip = setInterval(() => answer.write("a"), 20);
        answer.on("close", () => clearInterval(drip));
      }),
    );
    const started = performance.now();
    const outcome = await senderWith({ timeoutMs: 300 }).send(`http://127.0.0.1:${receiver.port}/`);
    expect(outcome).toEqual({ kind: "delivered", status: 200 });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it("that breaks off in its body counts by its status", async () => {
    const receiver = await running(
      tcpReceiver(
        (socket) =>
          void socket.on("data", () => socket.end("HTTP/1.1 500 No\r\ncontent-length: 9\r\n\r\nabc")),
      ),
    );
    expect(await senderWith().send(`http://127.0.0.1:${receiver.port}/`)).toMatchObject({
      kind: "retry",
      status: 500,
    });
  });
});

describe("no answer", () => {
  async function reasonFrom(url: string, options: Parameters<typeof senderWith>[0] = {}): Promise<string> {
    const outcome = await senderWith(options).send(url);
    expect(outcome).toEqual({ kind: "retry", why: expect.any(String) });
    return outcome.kind === "retry" ? outcome.why : "";
  }

  it("because nobody listens is a retry that says so", async () => {
    const receiver = await sentinel();
    await receiver.close();
    expect(await reasonFrom(`http://127.0.0.1:${receiver.port}/`)).toMatch(/Nothing listens/);
  });

  it("because the connection is cut is a retry that says so", async () => {
    const closes = await running(tcpReceiver((socket) => void socket.on("data", () => socket.end())));
    expect(await reasonFrom(`http://127.0.0.1:${closes.port}/`)).toMatch(/closed the connection/);
    const resets = await running(
      tcpReceiver((socket) => void socket.on("data", () => socket.resetAndDestroy())),
    );
    expect(await reasonFrom(`http://127.0.0.1:${resets.port}/`)).toMatch(/cut the connection/);
  });

  it("because it is not HTTP is a retry that says so, without repeating it", async () => {
    const receiver = await running(
      tcpReceiver((socket) => void socket.on("data", () => socket.end("SSH-2.0-AKIA\r\n"))),
    );
    const why = await reasonFrom(`http://127.0.0.1:${receiver.port}/`);
    expect(why).toMatch(/is not HTTP/);
    expect(why).not.toContain("AKIA");
  });

  it("because its headers have no end is a retry that says so", async () => {
    const receiver = await running(
      tcpReceiver(
        (socket) =>
          void socket.on("data", () => socket.write(`HTTP/1.1 200 OK\r\nx: ${"a".repeat(100_000)}`)),
      ),
    );
    expect(await reasonFrom(`http://127.0.0.1:${receiver.port}/`)).toMatch(/too many or too long headers/);
  });

  it("because the receiver takes the connection and stays silent is a retry when the time is over", async () => {
    const receiver = await running(tcpReceiver(() => {}));
    expect(await reasonFrom(`http://127.0.0.1:${receiver.port}/`, { timeoutMs: 200 })).toMatch(
      /within 0\.2 s/,
    );
    expect(await reasonFrom(`https://127.0.0.1:${receiver.port}/`, { timeoutMs: 200 })).toMatch(
      /within 0\.2 s/,
    );
  });

  it("because the name does not resolve is a retry that says so", async () => {
    const unknown = async () => Promise.reject(Object.assign(new Error("no"), { code: "ENOTFOUND" }));
    expect(await reasonFrom("https://agent.example/", { resolve: unknown })).toMatch(/does not resolve/);
    const never = () => new Promise<never>(() => {});
    expect(await reasonFrom("https://agent.example/", { resolve: never, timeoutMs: 200 })).toMatch(
      /within 0\.2 s/,
    );
  });

  it("because the sender is closed is a retry", async () => {
    const receiver = await answering(200);
    const { sender, send } = senderWith();
    await Promise.all([sender.close(), sender.close()]);
    expect(await send(`http://127.0.0.1:${receiver.port}/`)).toMatchObject({
      kind: "retry",
      why: expect.stringMatching(/shut down/),
    });
  });
});

describe("over TLS", () => {
  const certificate = selfSignedCertificate("agent.example");
  const options = {
    allow: ["agent.example", "other.example", "127.0.0.1"],
    resolve: async () => ["127.0.0.1"],
  };

  function trusting(): void {
    const before = getCACertificates("default");
    setDefaultCACertificates([...before, certificate.cert]);
    cleanUp.push(async () => setDefaultCACertificates(before));
  }

  it("a receiver with a certificate for its name is told, and sees that name", async () => {
    trusting();
    let host: string | undefined;
    const receiver = await running(
      httpsReceiver(certificate, (request, answer) => {
        host = request.headers.host;
        answer.end("{}");
      }),
    );
    const outcome = await senderWith(options).send(`https://agent.example:${receiver.port}/cb`);
    expect(outcome).toEqual({ kind: "delivered", status: 200 });
    expect(host).toBe(`agent.example:${receiver.port}`);
  });

  it("a certificate nobody vouches for is a retry, and nothing is sent", async () => {
    let requests = 0;
    const receiver = await running(
      httpsReceiver(certificate, (_, answer) => void answer.end(`${++requests}`)),
    );
    const outcome = await senderWith(options).send(`https://agent.example:${receiver.port}/cb`);
    expect(outcome).toEqual({ kind: "retry", why: expect.stringMatching(/self-signed: add its CA/) });
    expect(requests).toBe(0);
  });

  it("a certificate for another name is a retry, and nothing is sent", async () => {
    trusting();
    let requests = 0;
    const receiver = await running(
      httpsReceiver(certificate, (_, answer) => void answer.end(`${++requests}`)),
    );
    const outcome = await senderWith(options).send(`https://other.example:${receiver.port}/cb`);
    expect(outcome).toEqual({ kind: "retry", why: expect.stringMatching(/for another host name/) });
    expect(requests).toBe(0);
  });

  it("a receiver that speaks plain http is a retry", async () => {
    const receiver = await answering(200);
    const outcome = await senderWith(options).send(`https://agent.example:${receiver.port}/cb`);
    expect(outcome).toEqual({ kind: "retry", why: expect.stringMatching(/^TLS with the receiver failed/) });
  });
});

describe("a forbidden destination", () => {
  it.each(FORBIDDEN_URLS)("is not called as $text", async ({ text: url, why }) => {
    const guard = await running(sentinel());
    const { send } = senderWith({ allow: [], resolve: async () => ["127.0.0.1"] });
    const outcome = await send(atPort(url, guard.port));
    expect(outcome).toEqual({ kind: "retry", why: expect.stringMatching(why) });
    expect(guard.connections).toEqual([]);
  });

  it("is refused again at each attempt, when a name that was public resolves to the metadata address", async () => {
    const asked: string[] = [];
    const { send } = senderWith({
      allow: [],
      resolve: async (hostname) => {
        asked.push(hostname);
        return ["169.254.169.254"];
      },
    });
    for (let i = 0; i < 3; i++) {
      expect(await send("https://agent.example/cb")).toEqual({
        kind: "retry",
        why:
          "agent.example resolves to 169.254.169.254, a link-local address (where cloud metadata lives): " +
          "callbacks go to public addresses and to those listed in HOLDPOINT_CALLBACK_ALLOW.",
      });
    }
    expect(asked).toHaveLength(3);
  });
});
