/** Killed at every boundary of one walk, restarted, and the agent, the workspace and the database still agree. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { EscalationId } from "../../src/domain/ids.ts";
import { openStore } from "../../src/store/open-store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { type Lane, openLane, TURNS } from "../support/crash/lane.ts";
import type { Boundary } from "../support/crash/preload.ts";
import { cardsIn, read } from "../support/slack-person.ts";
import { buttonsOn, type Message } from "../support/slack-workspace/index.ts";

const NEVER: Boundary = { name: "", nth: 0 };

let folder: string;
let lanes: readonly Lane[] = [];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-crash-"));
  lanes = await Promise.all(["one.db", "two.db"].map((file) => openLane(join(folder, file))));
});
afterEach(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  rmSync(folder, { recursive: true });
});

describe("a process that is killed", () => {
  // Which calls a walk needs is a little by chance on a busy machine, and each planned one has to be met: a plan that was
  // not met is walked once more, from new lanes.
  it("at any boundary of a walk loses nothing and does nothing twice", {
    timeout: 90_000,
    retry: 2,
  }, async () => {
    const [one, two] = lanes;
    if (!one || !two) throw new Error("there are two lanes");
    const fresh = await walk(one, NEVER);
    await walk(one, NEVER);
    const usual = await walk(one, NEVER);
    // A person's conversation is opened once, so those boundaries come first, in a lane that has opened none.
    const opening = worlds(fresh).filter(({ name }) => name.includes("conversations.open"));
    const plan = worlds(usual);
    const firstTwo = opening.slice(0, TURNS.length);
    await Promise.all([
      walkAll(
        one,
        plan.filter((_, at) => at % 2 === 0),
      ),
      walkAll(two, [...firstTwo, ...plan.filter((_, at) => at % 2 === 1)]),
    ]);

    const killed = lanes.flatMap(({ deaths }) => deaths);
    const planned = [...plan, ...firstTwo].map(({ name, nth }) => `killed ${name} (${nth})`);
    // How many commits a walk takes is a little by chance: what happens in one turn of the loop is committed together.
    expect(planned.filter((words) => !killed.includes(words) && !words.includes("COMMIT"))).toEqual([]);
    expect(killed.filter((words) => !planned.includes(words))).toEqual([]);
    expect(killed.length).toBeGreaterThan(planned.length * 0.75);
    for (const lane of lanes) await compare(lane);
  });
});

/** Each boundary once, without those that leave the same world behind as the commit just before, and without mere questions. */
function worlds(passed: readonly string[]): readonly Boundary[] {
  return passed.flatMap((name, at) => {
    const same = /^before (COMMIT|\/)/.test(name) && passed[at - 1] === "after COMMIT";
    if (name.includes("users.info")) return [];
    return same ? [] : [{ name, nth: passed.slice(0, at + 1).filter((one) => one === name).length }];
  });
}

async function walkAll(lane: Lane, boundaries: readonly Boundary[]): Promise<void> {
  for (const boundary of boundaries) await walk(lane, boundary);
}

/**
 * Raise → card → click → redraw → callback → released, as an agent and a person do it who try again when something fails.
 * Answers with the boundaries that were passed.
 */
async function walk(lane: Lane, boundary: Boundary): Promise<readonly string[]> {
  const number = lane.ledger.length;
  const turn = TURNS[number % TURNS.length] ?? TURNS[0];
  const summary = `Walk ${number}`;
  const agent = () => lane.agent(turn.agent);
  await lane.holdpoint().arm(boundary);

  const raise = async () => {
    const raised = await agent().escalate({ summary, callback_url: lane.receiver.url }, `key-${number}`);
    return raised.status === 202 ? raised.body : undefined;
  };
  const { id } = await lane.insist(raise);
  expect((await lane.insist(raise)).id, "the same key is the same escalation").toBe(id);
  lane.ledger.push({ id, summary });

  const decided = (card: Message) => read(card).includes(`Approved by @${turn.person}`);
  const card = (as: (card: Message) => boolean) => {
    const find = () => cardsIn(lane.slack.dm(turn.person)).find((one) => isAbout(one, summary) && as(one));
    const death = lane.holdpoint().death.then(() => undefined);
    return Promise.race([lane.slack.until(find, `the card of ${summary}`), death]);
  };
  await lane.insist(async () => {
    const seen = await card((one) => decided(one) || asks(one));
    if (!seen || decided(seen)) return seen;
    const { outcome } = await lane.slack.press(turn.person, seen, "Approve");
    return outcome === "acknowledged" ? seen : undefined;
  });

  const end = async () => {
    const told = await lane.insist(async () => {
      const { body } = await agent().follow(id, 5);
      return body.delivery?.callback === "delivered" ? body : undefined;
    });
    expect(told).toMatchObject({ status: "decided", decision: { verdict: "approve" } });
    const state = await lane.insist(() => agent().state());
    expect(state.body).toMatchObject({ state: "running", holds: [] });
    await lane.insist(() => card(decided));
  };
  await end();
  const passed = await lane.holdpoint().quiet();
  // Killed in its very last steps: then all of it must still be true after a restart.
  if (!passed) await end();
  return passed ?? [];
}

function asks(card: Message): boolean {
  return buttonsOn(card.blocks).some(({ text }) => text === "Approve");
}

/** Other cards may name it as what holds the agent now. */
function isAbout(card: Message, summary: string): boolean {
  return read(card).includes(`says (unverified)\n${summary}\n`);
}

/** What has happened exactly once to each escalation, however often its process died. */
const ONCE = [
  ...["escalation.opened", "hold.placed", "card.shown"],
  ...["escalation.decided", "hold.released", "callback.delivered"],
];

/** The agents' ledger, the workspace's messages and the database, side by side. */
async function compare(lane: Lane): Promise<void> {
  await lane.holdpoint().stop();
  const store = await openStore({ url: lane.database });
  try {
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    expect(await store.escalations.countOpen()).toBe(0);
    expect(await store.holds.active()).toEqual([]);
    const stored = (await store.escalations.page({ limit: 500 })).map((one) => String(one.id));
    expect(stored.toSorted()).toEqual(lane.ledger.map(({ id }) => id).toSorted());
    const cards = TURNS.flatMap(({ person }) => cardsIn(lane.slack.dm(person)));
    expect(cards).toHaveLength(lane.ledger.length);
    for (const { id, summary } of lane.ledger) {
      const kinds = (await store.audit.ofEscalation(id as EscalationId)).map(({ kind }) => kind);
      const counts = ONCE.map((kind) => `${kind} ${kinds.filter((one) => one === kind).length}`);
      expect(counts, summary).toEqual(ONCE.map((kind) => `${kind} 1`));
      const copies = await store.copies.of(id as EscalationId);
      expect(copies.map(({ state }) => state)).not.toContain("posting");
      expect(new Set(copies.map(({ ref }) => JSON.stringify(ref))).size, `messages of ${summary}`).toBe(1);
      expect(
        cards.filter((card) => isAbout(card, summary)),
        `the cards of ${summary}`,
      ).toHaveLength(1);
      const told = lane.receiver.of("escalation.decided").filter(({ data }) => data.id === id);
      const different = new Set(told.map((one) => `${one.id} ${one.body}`));
      expect(different.size, `the callbacks of ${summary}`).toBe(1);
      expect(await store.callbacks.of(id as EscalationId), summary).toMatchObject([{ state: "delivered" }]);
    }
    expect(lane.receiver.refused).toEqual([]);
  } finally {
    await store.close();
  }
}
