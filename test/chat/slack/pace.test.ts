/** Slack's rates are the app's, not a process's: replicas keep them together, and an answer to a person counts too. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ChatPlatform } from "../../../src/application/ports.ts";
import type { Address } from "../../../src/domain/delivery/copy.ts";
import { askingCard } from "../stage.ts";
import { AGENTS, channel, SALES, SARAH, type Stage, startStage } from "./slack-stage.ts";

let stage: Stage;
let replicas: readonly ChatPlatform[];
beforeEach(async () => {
  stage = await startStage();
  replicas = [stage.platform, stage.restarted(), stage.restarted()];
});
afterEach(async () => {
  await Promise.all(replicas.slice(1).map((replica) => replica.close()));
  await stage.close();
});

const posts = () => stage.workspace.calls("chat.postMessage");
/** All replicas try at once; how many of them got their card through. */
async function shown(to: Address, mark: string): Promise<number> {
  const drawn = await Promise.all(
    replicas.map((replica, at) => replica.post(to, askingCard(), `${mark} ${at}`, null)),
  );
  return drawn.filter(({ kind }) => kind === "shown").length;
}

it("three replicas post one message to a channel at a time, and each channel has its own turn", async () => {
  for (let turn = 0; turn < 5; turn++) {
    expect(
      await Promise.all([shown(channel(AGENTS), `a${turn}`), shown(channel(SALES), `b${turn}`)]),
    ).toEqual([1, 1]);
    stage.clock.advance(1_200);
  }
  expect(posts()).toHaveLength(10);
  expect(stage.workspace.violations()).toEqual([]);
});

it("one refusal for speed stops its channel on every replica, and no other channel", async () => {
  stage.workspace.fault({ method: "chat.postMessage", channel: AGENTS, kind: "ratelimited", retryAfter: 30 });
  expect(await stage.platform.post(channel(AGENTS), askingCard(), "m", null)).toMatchObject({
    kind: "later",
  });
  for (let second = 2; second < 30; second += 2) {
    stage.clock.advance(2_000);
    expect(await shown(channel(AGENTS), `a${second}`)).toBe(0);
    expect(await shown(channel(SALES), `b${second}`)).toBe(1);
  }
  stage.clock.advance(2_000);
  expect(await shown(channel(AGENTS), "late")).toBe(1);
  // Every other was answered with a message.
  expect(posts()).toHaveLength(1 + 14 + 1);
  expect(stage.workspace.violations()).toEqual([]);
});

it("an answer in direct messages takes its turn, and is for the person alone while it is not its turn", async () => {
  stage.answerWith(() => ({ kind: "done", words: "Paused." }));
  await stage.workspace.dmBot(SARAH, "pause all");
  await stage.workspace.dmBot(SARAH, "pause all");
  const ours = () => stage.workspace.dm(SARAH).filter(({ user }) => user === stage.workspace.botUserId);
  expect(ours()).toHaveLength(1);
  expect(stage.workspace.ephemerals(SARAH).map(({ text }) => text)).toEqual(["Paused."]);
  stage.clock.advance(1_200);
  await stage.workspace.dmBot(SARAH, "pause all");
  expect(ours()).toHaveLength(2);
  expect(stage.workspace.violations()).toEqual([]);
});
