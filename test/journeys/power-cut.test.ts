/** The power is cut, again and again, and what was not synced is gone or torn: every 202 and every acknowledged click is still there. */
import { randomUUID } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it } from "vitest";
import { openStore } from "../../src/store/open-store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { type Lane, openLane, TURNS, UNHEARD } from "../support/crash/lane.ts";
import type { Left } from "../support/power-cut/disk.ts";
import { type Power, powerFor, whyNoPower } from "../support/power-cut/power.ts";
import { cardsIn, read } from "../support/slack-person.ts";
import { buttonsOn, type Message } from "../support/slack-workspace/index.ts";

/** What the disk got round to, in turn. */
const LEFT: readonly Left[] = ["nothing", "first", "scattered"];
const CUTS = 12;
/** The power goes at one of so many writes and syncs after a start; a commit is about ten of them. */
const LATEST_CUT = 1_500;
/** Requests of the agent whose owner is not in chat, at once. */
const TOGETHER = 4;

type Turn = (typeof TURNS)[number];

interface Promises {
  /** Escalations that were answered with 202. */
  readonly accepted: string[];
  /** Those about which a click was acknowledged. */
  readonly decided: Set<string>;
}

const why = whyNoPower();
describe.skipIf(why !== undefined)(`a power cut${why ? ` (not tested here: ${why})` : ""}`, () => {
  it("takes nothing that was acknowledged, wherever it comes", { timeout: 180_000 }, async () => {
    const seed = Number(process.env.POWER_CUT_SEED ?? Date.now() % 100_000);
    const chance = numbersFrom(seed);
    const beside = mkdtempSync(join(tmpdir(), "holdpoint-power-"));
    const folder = join(beside, "data");
    mkdirSync(folder);
    const path = join(folder, "holdpoint.db");
    const settings = join(beside, "holdpoint.yaml");
    writeFileSync(settings, quietly(readFileSync("examples/holdpoint.yaml", "utf8")));
    const power = powerFor(folder, beside);
    const cuts: ReturnType<Power["restore"]>[] = [];
    const promises: Promises = { accepted: [], decided: new Set() };
    const broken: string[] = [];
    let next = 0;
    const lane = await openLane(path, {
      env: () => ({ ...power.env(next), HOLDPOINT_CONFIG: settings }),
      dead() {
        const left = LEFT[cuts.length % LEFT.length] ?? "nothing";
        cuts.push(power.restore(left, chance));
        const words = `seed ${seed}, cut ${cuts.length}, of the unsynced ${left} is left`;
        broken.push(...brokenPromises(path, promises).map((one) => `${one} (${words})`));
        next = cuts.length < CUTS ? 1 + Math.floor(chance() * LATEST_CUT) : 0;
      },
    });
    // What is lost once stays lost: the first loss ends it.
    const isOver = () => cuts.length >= CUTS || broken.length > 0;
    try {
      // The first process makes the tables and the keys; from the next one on the power goes.
      await lane.holdpoint().stop();
      let ended = false;
      const working = Promise.all([
        ...TURNS.map((turn) => deciding(lane, turn, promises, isOver)),
        ...Array.from({ length: TOGETHER }, () => raising(lane, promises, isOver)),
      ]).finally(() => {
        ended = true;
      });
      // Who waits for something that is lost waits long.
      await Promise.race([working, until(() => ended || broken.length > 0)]);
      expect(broken).toEqual([]);
    } finally {
      await lane.close();
    }
    expect(brokenPromises(path, promises)).toEqual([]);
    const store = await openStore({ url: lane.database });
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    await store.close();
    rmSync(beside, { recursive: true });

    // Without these it would have shown nothing.
    expect(cuts.filter(({ unsynced }) => unsynced > 0).length).toBeGreaterThan(CUTS / 3);
    expect(cuts.reduce((sum, { checkpoints }) => sum + checkpoints, 0)).toBeGreaterThan(0);
    expect(promises.accepted.length).toBeGreaterThan(CUTS * 3);
    expect(promises.decided.size).toBeGreaterThan(0);
  });
});

/** What is not there of what was promised, read from a copy: the next process is to find the files as they are. */
function brokenPromises(path: string, { accepted, decided }: Promises): readonly string[] {
  const copy = `${dirname(dirname(path))}/copy`;
  cpSync(dirname(path), copy, { recursive: true });
  const file = new Database(join(copy, basename(path)));
  try {
    const sound = String(file.pragma("integrity_check", { simple: true }));
    if (sound !== "ok") return [`the file is damaged: ${sound}`];
    const statuses = new Map(
      file.prepare<[], [string, string]>("select id, status from escalations").raw().all(),
    );
    const lost = accepted.filter((id) => !statuses.has(id)).map((id) => `${id} was answered with 202`);
    const undecided = [...decided].filter((id) => statuses.get(id) === "open");
    return [...lost, ...undecided.map((id) => `the click about ${id} was acknowledged`)];
  } finally {
    file.close();
    rmSync(copy, { recursive: true });
  }
}

/** An agent that asks and its owner who approves, one after the other, as patient as in earnest. */
async function deciding(
  lane: Lane,
  { agent, person }: Turn,
  { accepted, decided }: Promises,
  isOver: () => boolean,
): Promise<void> {
  for (let number = 1; !isOver(); number++) {
    const summary = `Question ${number} of ${agent}`;
    const id = await lane.insist(async () => {
      const { status, body } = await lane.agent(agent).escalate({ summary }, `decide-${number}`);
      return status === 202 ? (body.id as string) : undefined;
    });
    accepted.push(id);
    await lane.insist(async () => {
      const seen = await Promise.race([
        lane.slack.until(() => asking(lane, person, summary), `the card of ${summary}`),
        lane.holdpoint().death.then(() => undefined),
      ]);
      const answer = seen && (await lane.slack.press(person, seen, "Approve"));
      return answer?.outcome === "acknowledged" ? answer : undefined;
    });
    decided.add(id);
  }
}

/** An agent that asks and asks: what is accepted in one turn of the loop is committed together. */
async function raising(lane: Lane, { accepted }: Promises, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const key = randomUUID();
    const { status, body } = await lane.insist(() => lane.agent(UNHEARD).escalate({ summary: key }, key));
    if (status === 202) accepted.push(body.id);
    // As many are open by now as may be: what is left to be cut is what people do.
    else await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function asking(lane: Lane, person: string, summary: string): Message | undefined {
  return cardsIn(lane.slack.dm(person)).find(
    (card) =>
      read(card).includes(`says (unverified)\n${summary}\n`) &&
      buttonsOn(card.blocks).some(({ text }) => text === "Approve"),
  );
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 100));
}

/** Nobody in chat is asked about the agent that raises without end. */
function quietly(settings: string): string {
  return settings.replace(/owner: amara, deputies: .*?, fallback: /, "owner: amara, fallback: ");
}

/** The same numbers in [0, 1) for the same seed (mulberry32, by Tommy Ettinger; public domain). */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
