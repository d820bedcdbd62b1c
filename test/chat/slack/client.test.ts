/** One call is one request, whatever goes wrong with it. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { createClient } from "../../../src/chat/slack/client.ts";

let close = async () => {};
afterEach(() => close());

/** A server that answers as told, and how often it was asked. */
async function against(listener: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const { port } = server.address() as AddressInfo;
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const client = createClient({
    botToken: "xoxb-1",
    apiUrl: `http://127.0.0.1:${port}/`,
    timeoutMs: 100,
    log,
  });
  return {
    call: () => client.call("chat.postMessage", { channel: "C1", text: "x" }),
    requests: () => requests,
  };
}

it("does not know what became of a call that is not answered in time, and does not repeat it", async () => {
  const { call, requests } = await against(() => {});
  expect(await call()).toEqual({ kind: "unknown", why: "Slack did not answer in time." });
  expect(requests()).toBe(1);
});

it("does not know what became of a call whose answer breaks off", async () => {
  const { call, requests } = await against((_, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"ok":true,');
    setImmediate(() => response.destroy());
  });
  expect(await call()).toMatchObject({ kind: "unknown" });
  expect(requests()).toBe(1);
});

it("does not take a proxy's page for an answer of Slack's", async () => {
  const { call } = await against((_, response) => response.end("<html>Sign in to the network</html>"));
  expect(await call()).toMatchObject({ kind: "unknown", why: expect.stringContaining("proxy") });
});

it("knows that a proxy which turned the call away did not pass it on", async () => {
  const { call } = await against((_, response) => response.writeHead(403).end());
  expect(await call()).toMatchObject({ kind: "unsent" });
});

it.each([
  ["30", 30_000],
  ["0", 1_000],
  [undefined, 30_000],
])("waits as long as a 429 with Retry-After %s says", async (header, after) => {
  const { call, requests } = await against((_, response) =>
    response.writeHead(429, header === undefined ? {} : { "retry-after": header }).end(),
  );
  expect(await call()).toEqual({ kind: "limited", after });
  expect(requests()).toBe(1);
});

it("tells where Slack dislikes a message, and not in whose words", async () => {
  const answer = {
    ok: false,
    error: "invalid_blocks",
    response_metadata: { messages: ['[ERROR] "secret text" is wrong [json-pointer:/blocks/0/text]'] },
  };
  const { call } = await against((_, response) => response.end(JSON.stringify(answer)));
  expect(await call()).toEqual({ kind: "refused", error: "invalid_blocks", pointers: ["/blocks/0/text"] });
});
