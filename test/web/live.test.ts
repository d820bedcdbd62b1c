/** Open pages hear of every change, and of the end of their session. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MINUTE } from "../../src/domain/time/time.ts";
import { type House, openHouse, SARAH, signedIn } from "./console-house.ts";

let house: House;
let url: string;
beforeEach(async () => {
  house = await openHouse();
  url = await house.app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(async () => {
  vi.useRealTimers();
  await house.close();
});

async function listenAs(cookies: ReadonlyMap<string, string>) {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const response = await fetch(`${url}/live`, { headers: { cookie } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  return {
    response,
    /** Reads until the words have come, or until the stream ends. */
    async until(words: string) {
      while (reader && !heard.includes(words)) {
        const { done, value } = await reader.read();
        if (done) return `${heard}[end]`;
        heard += value;
      }
      return heard;
    },
  };
}

describe("the live stream", () => {
  it("is closed to whoever is not signed in", async () => {
    const { response } = await listenAs(new Map());
    expect(response.status).toBe(401);
  });

  it("says that something has changed, once for what happens together", async () => {
    const sarah = await signedIn(house, SARAH);
    const stream = await listenAs(sarah.cookies);
    expect(stream.response.headers.get("content-type")).toBe("text/event-stream");
    await stream.until("retry");
    await Promise.all([house.raise(), house.raise(), house.raise()]);
    const heard = await stream.until("event: changed");
    expect(heard.match(/event: changed/g)).toHaveLength(1);
    expect(heard).not.toContain("esc_");
  });

  it("ends when the session does", async () => {
    vi.useFakeTimers({ toFake: ["setInterval"] });
    const sarah = await signedIn(house, SARAH);
    const stream = await listenAs(sarah.cookies);
    await stream.until("retry");
    vi.advanceTimersByTime(20_000);
    await stream.until("still here");
    house.move(30 * MINUTE);
    vi.advanceTimersByTime(20_000);
    expect(await stream.until("[end]")).toMatch(/event: signed-out\ndata:\n\n\[end\]$/);
  });

  it("does not keep the server from closing", async () => {
    const sarah = await signedIn(house, SARAH);
    const stream = await listenAs(sarah.cookies);
    await stream.until("retry");
    const [heard] = await Promise.all([stream.until("[end]"), house.app.close()]);
    expect(heard).toContain("[end]");
  });
});
