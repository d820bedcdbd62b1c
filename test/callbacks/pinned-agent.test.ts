/** That connections go to checked addresses only, on real sockets with a sentinel listening. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseAllowList } from "../../src/callbacks/allow-list.ts";
import {
  createPinnedAgent,
  lookupAmong,
  RefusedDestination,
  type Resolve,
} from "../../src/callbacks/pinned-agent.ts";
import { atPort, FORBIDDEN_URLS } from "./forbidden-urls.ts";
import { httpReceiver, type Receiver, sentinel, tcpReceiver } from "./receivers.ts";

let cleanUp: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  const steps = cleanUp.reverse();
  cleanUp = [];
  for (const step of steps) await step();
});

function agentWith(allow: readonly string[], resolve?: Resolve) {
  const agent = createPinnedAgent({
    allow: parseAllowList(allow),
    timeoutMs: 2000,
    ...(resolve && { resolve }),
  });
  cleanUp.push(() => agent.close());
  return async (origin: string) => {
    const signal = AbortSignal.timeout(2000);
    const { statusCode, body } = await agent.request(new URL(origin), { method: "POST", signal });
    const text = await body.text();
    // Only a turn after the end of an answer its connection is free again.
    await new Promise((resolve) => setImmediate(resolve));
    return { statusCode, text };
  };
}

/** Gives one answer after the other, and counts. */
function resolving(...answers: (readonly string[])[]): Resolve & { readonly asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = async (hostname) =>
    answers[Math.min(asked.push(hostname), answers.length) - 1] ?? [];
  return Object.assign(resolve, { asked });
}

describe("with a sentinel on every address of this machine", () => {
  let guard: Receiver;
  beforeEach(async () => {
    guard = await sentinel();
    cleanUp.push(() => guard.close());
  });

  // Straight at the agent, over http and at the sentinel's port, so that only the address can be what stops it.
  const literals = FORBIDDEN_URLS.map(({ text }) => URL.parse(atPort(text)))
    .filter((url) => url !== null && /^\[|^[0-9.]+$/.test(url.hostname))
    .map((url) => url?.hostname ?? "");
  const hosts = [...new Set(literals)];

  it("is tried with at least thirty different addresses", () => {
    expect(hosts.length).toBeGreaterThanOrEqual(30);
  });

  it.each(hosts)("opens no connection to http://%s", async (host) => {
    const post = agentWith([]);
    await expect(post(`http://${host}:${guard.port}`)).rejects.toThrow(RefusedDestination);
    expect(guard.connections).toEqual([]);
  });

  it.each(hosts)("opens no connection to a name that resolves to %s", async (host) => {
    const address = host.replace(/^\[|\]$/g, "");
    const post = agentWith([], resolving([address]));
    await expect(post(`http://agent.example:${guard.port}`)).rejects.toThrow(/^agent\.example resolves to /);
    expect(guard.connections).toEqual([]);
  });

  it("does reach the sentinel once the address is listed, so it would have seen the others", async () => {
    const post = agentWith(["127.0.0.0/8"], resolving(["127.0.0.1"]));
    await expect(post(`http://127.0.0.1:${guard.port}`)).rejects.toThrow();
    await expect(post(`http://agent.example:${guard.port}`)).rejects.toThrow();
    expect(guard.connections).toHaveLength(2);
  });

  it("refuses a name if one of its addresses is forbidden, wherever it stands in the list", async () => {
    for (const answer of [
      ["93.184.215.14", "10.0.0.1"],
      ["169.254.169.254", "93.184.215.14"],
      ["2606:4700::1111", "::1"],
    ]) {
      const post = agentWith([], resolving(answer));
      await expect(post(`http://agent.example:${guard.port}`)).rejects.toThrow(RefusedDestination);
    }
    expect(guard.connections).toEqual([]);
  });

  it("never asks a resolver what localhost is", async () => {
    const resolve = resolving(["93.184.215.14"]);
    const post = agentWith([], resolve);
    await expect(post(`http://localhost:${guard.port}`)).rejects.toThrow(/this machine/);
    await expect(post(`http://a.localhost:${guard.port}`)).rejects.toThrow(/this machine/);
    expect(resolve.asked).toEqual([]);
    expect(guard.connections).toEqual([]);
  });

  it("says so when a name has no address", async () => {
    const post = agentWith([], resolving([]));
    await expect(post(`http://agent.example:${guard.port}`)).rejects.toMatchObject({ code: "ENOTFOUND" });
  });
});

describe("with a receiver at a listed address", () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await httpReceiver((_, answer) => answer.end("ok"));
    cleanUp.push(() => receiver.close());
  });

  it("resolves a name once per request and goes to that very answer, however the name flips", async () => {
    // The receiver listens on all of 127.0.0.0/8; only 127.0.0.1 is listed.
    const resolve = resolving(["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"], ["169.254.169.254"]);
    const post = agentWith(["127.0.0.1"], resolve);
    const origin = `http://rebind.example:${receiver.port}`;
    const outcomes: string[] = [];
    for (let i = 0; i < 4; i++) {
      outcomes.push(
        await post(origin).then(
          ({ text }) => text,
          (error: Error) => error.name,
        ),
      );
    }
    expect(outcomes).toEqual(["ok", "RefusedDestination", "ok", "RefusedDestination"]);
    expect(resolve.asked).toHaveLength(4);
    expect(receiver.connections.map(plain)).toEqual(["127.0.0.1"]);
  });

  it("takes a connection again only where the same addresses were found afresh", async () => {
    const resolve = resolving(["127.0.0.1"], ["127.0.0.1"], ["127.0.0.2"], ["127.0.0.1"]);
    const post = agentWith(["127.0.0.0/8"], resolve);
    for (let i = 0; i < 4; i++) await post(`http://moves.example:${receiver.port}`);
    expect(resolve.asked).toHaveLength(4);
    expect(receiver.connections.map(plain)).toEqual(["127.0.0.1", "127.0.0.2"]);
  });

  it("keeps a connection no longer than a burst needs it", async () => {
    const { promise: gone, resolve: went } = Promise.withResolvers<void>();
    const patient = await tcpReceiver((socket) => {
      socket.on("data", () => socket.write("HTTP/1.1 204 No Content\r\n\r\n")).on("close", () => went());
    });
    cleanUp.push(() => patient.close());
    await agentWith(["127.0.0.1"])(`http://127.0.0.1:${patient.port}`);
    await gone;
    expect(patient.connections).toHaveLength(1);
  });

  it("checks afresh for each of many requests at once", async () => {
    const resolve = resolving(...Array.from({ length: 20 }, (_, i) => [i % 2 ? "127.0.0.2" : "127.0.0.1"]));
    const post = agentWith(["127.0.0.1"], resolve);
    await Promise.allSettled(
      Array.from({ length: 20 }, () => post(`http://rebind.example:${receiver.port}`)),
    );
    expect(new Set(receiver.connections.map(plain))).toEqual(new Set(["127.0.0.1"]));
  });

  it("goes to the loopback address that is listed when the host is localhost", async () => {
    const post = agentWith(["127.0.0.1"]);
    const { statusCode } = await post(`http://localhost:${receiver.port}`);
    expect(statusCode).toBe(200);
    expect(receiver.connections.map(plain)).toEqual(["127.0.0.1"]);
  });

  it("lets a listed name resolve to whatever the operator's DNS says", async () => {
    const post = agentWith(["agents.internal"], resolving(["127.0.0.1"]));
    const { statusCode } = await post(`http://agents.internal:${receiver.port}`);
    expect(statusCode).toBe(200);
  });

  it("tries the next address when one does not answer", async () => {
    const here = await httpReceiver((_, answer) => answer.end("second"));
    cleanUp.push(() => here.close());
    // 4000::/16 is assigned to nobody, so no machine has anything there to connect to.
    const post = agentWith(["127.0.0.1", "::/0"], resolving(["4000::1", "127.0.0.1"]));
    const { text } = await post(`http://agent.example:${here.port}`);
    expect(text).toBe("second");
  });
});

it("hands its addresses to callers that want one, or one family", async () => {
  const lookup = lookupAmong(["2606:4700::1111", "93.184.215.14"]);
  const ask = (options: object) =>
    new Promise((resolve) =>
      lookup("agent.example", options, (error, address, family) => resolve([error, address, family])),
    );
  expect(await ask({})).toEqual([null, "2606:4700::1111", 6]);
  expect(await ask({ family: 4 })).toEqual([null, "93.184.215.14", 4]);
  expect(await ask({ all: true, family: "IPv6" })).toEqual([
    null,
    [{ address: "2606:4700::1111", family: 6 }],
    undefined,
  ]);
});

/** A dual-stack server reports IPv4 connections as mapped. */
function plain(address: string): string {
  return address.replace(/^::ffff:/, "");
}
