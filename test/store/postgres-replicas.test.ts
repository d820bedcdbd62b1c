/** What replicas tell each other: whoever waits on one is woken by another's commit, and every hold index learns of it. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createChanges } from "../../src/application/changes.ts";
import { createHoldIndex } from "../../src/application/hold-index.ts";
import type { Changes, HoldIndex, News, Store } from "../../src/application/ports.ts";
import type { AgentId } from "../../src/domain/ids.ts";
import type { Step } from "../../src/domain/step.ts";
import { messages, readMessage } from "../../src/store/news.ts";
import { openStore } from "../../src/store/open-store.ts";
import { agent, approved, chartered, key, opened, pauseHold } from "../contracts/store-samples.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";

interface Replica {
  readonly store: Store;
  readonly changes: Changes;
  readonly index: HoldIndex;
  readonly news: (News | "anything")[];
}

const by = { id: "person-1", name: "Person 1" };
const of = agent().id;

await describeOnPostgres("three replicas on Postgres", (newDatabase) => {
  let database: Database;
  let replicas: readonly [Replica, Replica, Replica];
  beforeEach(async () => {
    database = await newDatabase();
    const open = async (): Promise<Replica> => {
      const store = await openStore({ url: database.url });
      const changes = createChanges();
      const index = await createHoldIndex(store);
      const news: (News | "anything")[] = [];
      store.onElsewhere((one) => {
        news.push(one);
        if (one !== "anything") changes.announce(one.topics);
      });
      return { store, changes, index, news };
    };
    replicas = await Promise.all([open(), open(), open()]);
  });
  afterEach(async () => {
    await Promise.all(replicas.map(({ store }) => store.close()));
    await database.drop();
  });

  const woken = ({ changes }: Replica, topic: string) => {
    const begun = performance.now();
    return changes.wait([topic], 5_000, new AbortController().signal).then(() => performance.now() - begun);
  };

  it("wake who waits on the others, and these find the hold gone already", async () => {
    const [a, b, c] = replicas;
    const { escalation, hold, step } = opened(1);
    const held = [woken(b, of), woken(c, escalation.id)];
    await a.store.save(step);
    for (const wait of held) expect(await wait).toBeLessThan(1_000);
    expect(b.index.of(of)).toEqual({ holds: [hold], version: 1 });
    const decided = woken(a, escalation.id);
    await b.store.save(approved(escalation, hold, 1));
    expect(await decided).toBeLessThan(1_000);
    expect(a.index.of(of)).toEqual({ holds: [], version: 2 });
  });

  it("say what there is to look at again, and are not told what they did themselves", async () => {
    const [a, b] = replicas;
    await a.store.save({ ...chartered(agent()), keys: [key(1, "billing"), key(2, null)] });
    await a.store.save({ jobs: [{ key: "late", kind: "publish", ref: "x", at: 90 }], audit: [] });
    await a.store.save({ audit: [] });
    await b.store.save({ holds: [{ change: "place", hold: pauseHold(1, "all") }], audit: [] });
    await vi.waitFor(() => expect([a.news, b.news].map((one) => one.length)).toEqual([1, 2]), 2_000);
    expect(b.news).toEqual([
      { topics: [], holds: [], agents: [of, "billing", "admin"], due: null },
      { topics: [], holds: [], agents: [], due: 90 },
    ]);
    expect(a.news).toEqual([{ topics: ["all"], holds: ["all"], agents: [], due: null }]);
  });

  it("come to the same holds and versions, however their commits cross", async () => {
    const agents = ["a", "b", "all"];
    const steps = Array.from({ length: 90 }, (_, number): Step => {
      const hold = pauseHold(number, agents[number % 3] as string);
      return { holds: [{ change: "place", hold }], audit: [] };
    });
    await Promise.all(
      steps.map(async (step, at) => {
        await replicas[at % 3 === 0 ? 0 : 1].store.save(step);
        const hold = step.holds?.[0]?.hold;
        if (hold && at % 2 === 0)
          await replicas[2].store.save({ holds: [{ change: "release", hold, by, at: 9 }], audit: [] });
      }),
    );
    const versions = await replicas[0].store.holds.versions();
    await vi.waitFor(() => {
      for (const name of ["a", "b"] as AgentId[]) {
        const [one, ...others] = replicas.map(({ index }) => index.of(name));
        expect(one?.version).toBe((versions.get(name) ?? 0) + (versions.get("all") ?? 0));
        expect(one?.holds).toHaveLength(30);
        for (const another of others) expect(another).toEqual(one);
      }
    }, 1_000);
  });

  it("answer from memory as long as they hear each other", async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(replicas.map(({ store }) => store.current())).toEqual([true, true, true]);
  });
});

describe("a hold index", () => {
  /** A store whose readings are answered by hand, and whose listeners are called by hand. */
  function slowStore() {
    type Listen = Parameters<Store["onElsewhere"]>[0];
    const readings: { answer: (version: number, ...holds: number[]) => void; fail: () => void }[] = [];
    let elsewhere: Listen = () => {};
    let commit: Parameters<Store["onCommit"]>[0] = () => {};
    const store = {
      holds: {
        standing: () =>
          new Promise((resolve, reject) => {
            readings.push({
              answer: (version, ...holds) =>
                resolve(new Map([["a", { version, holds: holds.map((number) => pauseHold(number, "a")) }]])),
              fail: () => reject(new Error("no database")),
            });
          }),
      },
      onCommit: (listener: typeof commit) => {
        commit = listener;
      },
      onElsewhere: (listener: Listen) => {
        elsewhere = listener;
      },
      current: () => true,
    } as unknown as Store;
    const news = { topics: ["a"], holds: ["a" as AgentId], agents: [], due: null };
    return {
      store,
      readings,
      tell: () => elsewhere(news),
      place: (number: number, version: number) =>
        commit({ holds: [{ change: "place", hold: pauseHold(number, "a") }], audit: [] }, [version]),
    };
  }
  const numbers = (index: HoldIndex) => {
    const { holds, version } = index.of("a" as AgentId);
    return [version, ...holds.map((hold) => hold.placedAt - pauseHold(0, "a").placedAt)];
  };
  const soon = () => new Promise((resolve) => setImmediate(resolve));

  async function loaded() {
    const behind = slowStore();
    const loading = createHoldIndex(behind.store);
    await soon();
    behind.readings[0]?.answer(1, 1);
    return { ...behind, index: await loading };
  }

  it("keeps what was committed here while an older reading was on its way", async () => {
    const { index, tell, place, readings } = await loaded();
    const told = tell();
    await soon();
    place(3, 3);
    expect(numbers(index)).toEqual([3, 1, 3]);
    readings[1]?.answer(2, 1, 2);
    await told;
    expect(numbers(index)).toEqual([3, 1, 2, 3]);
  });

  it("does not count twice what a reading brought before its own commit was told", async () => {
    const { index, tell, place, readings } = await loaded();
    const told = tell();
    await soon();
    readings[1]?.answer(3, 1, 2, 3);
    await told;
    place(3, 3);
    expect(numbers(index)).toEqual([3, 1, 2, 3]);
  });

  it("reads once more for all that came during a reading, and says when one has failed", async () => {
    const { index, tell, readings } = await loaded();
    const first = tell();
    await soon();
    const later = [tell(), tell()];
    readings[1]?.fail();
    await expect(first).rejects.toThrow(/no database/);
    await soon();
    expect(readings).toHaveLength(3);
    readings[2]?.answer(2, 2);
    await Promise.all(later);
    expect(numbers(index)).toEqual([2, 2]);
  });
});

describe("news", () => {
  const news = (number: number): News => ({
    ...{ topics: [`esc_${String(number).padStart(26, "0")}`, `agent-${number % 5}`], agents: [] },
    ...{ holds: [`agent-${number % 5}` as AgentId], due: number },
  });

  it("travel together in messages that the server takes, and lose nothing on the way", () => {
    const all = Array.from({ length: 1_000 }, (_, number) => news(number));
    const sent = messages("me", all);
    expect(sent.length).toBeGreaterThan(1);
    expect(sent.length).toBeLessThan(10);
    const read = sent.map((text) => readMessage(text));
    for (const text of sent) expect(Buffer.byteLength(text)).toBeLessThan(8_000);
    const topics = read.flatMap(({ news }) => (news === "anything" ? [] : news.topics));
    expect(new Set(topics)).toEqual(new Set(all.flatMap((one) => one.topics)));
    expect(read[0]).toMatchObject({ from: "me", news: { due: 0 } });
  });

  it("that are too long, or of a build that says it otherwise, mean anything", () => {
    const long = { ...news(1), topics: ["é".repeat(5_000)] };
    expect(messages("me", [long]).map((text) => readMessage(text))).toEqual([
      { from: "me", news: "anything" },
    ]);
    for (const text of ["", "{", "null", '{"from":"x","news":{"about":[]}}'])
      expect(readMessage(text).news).toBe("anything");
  });
});
