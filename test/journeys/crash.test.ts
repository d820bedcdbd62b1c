/** Killed at every boundary of one walk, restarted, and the agent, the workspace and the database still agree. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { slackManifest } from "../../src/chat/platforms.ts";
import { openStore } from "../../src/store/open-store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { agentClient, callWith, type Reply } from "../support/agent-client.ts";
import { startCallbackReceiver } from "../support/callback-receiver.ts";
import { type MortalHoldpoint, startMortal } from "../support/crash/mortal-holdpoint.ts";
import { cardsIn, read } from "../support/slack-person.ts";
import {
  buttonsOn,
  type Message,
  startSlackWorkspace,
  systemClock,
} from "../support/slack-workspace/index.ts";

/** An uncertain post is settled after 30 s: each process starts that much later than the one before. */
const LATER_EACH_TIME = 40_000;
/** Beyond every boundary: the process lives. */
const NEVER = 1_000_000;

/** Two agents with an owner each take turns, so that nobody waits for Slack's one message a second. */
const TURNS = [
  { agent: "trial-nurture", person: "U0SARAH" },
  { agent: "content-distribution", person: "U0JAMES" },
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "holdpoint-crash-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Lane = Awaited<ReturnType<typeof openLane>>;

/** One database, one workspace, one agents' ledger, and a process that dies and is started again. */
async function openLane(name: string) {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const slack = await startSlackWorkspace({
    users: TURNS.map(({ person }) => ({ id: person, name: person.toLowerCase() })),
    channels: [],
    manifest: slackManifest("https://holdpoint.example.com"),
    clock: { ...systemClock, now },
    signingClock: now,
  });
  const secrets: string[] = [];
  const receiver = await startCallbackReceiver(() => secrets, now);
  const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
  const database = `sqlite:${join(folder, `${name}.db`)}`;
  const env = {
    PORT: "0",
    DATABASE_URL: database,
    HOLDPOINT_CONFIG: "examples/holdpoint.yaml",
    HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
    HOLDPOINT_ADMIN_KEY: adminKey,
    HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    SLACK_API_URL: slack.apiUrl,
  };
  const start = async (): Promise<MortalHoldpoint> => {
    const process = await startMortal(env, ahead);
    slack.setEventsUrl(`${process.url}/slack/events`);
    return process;
  };
  let process = await start();
  const keys = new Map<string, string>();
  for (const { agent } of TURNS) {
    const issued = await callWith(process.url, adminKey)("POST", `/v1/agents/${agent}/keys`);
    keys.set(agent, issued.body.key);
    secrets.push(issued.body.signing_secret);
  }
  const ledger: { readonly id: string; readonly name: string; readonly key: string }[] = [];
  const deaths: string[] = [];

  /** Starts it again when it is dead. */
  const revive = async (): Promise<void> => {
    deaths.push(
      (await process.death).split("\n").find((line) => line.startsWith("killed")) ?? "it ended by itself",
    );
    ahead += LATER_EACH_TIME;
    process = await start();
  };
  return {
    ...{ slack, receiver, ledger, deaths, database },
    process: () => process,
    client: (agent: string) => agentClient(process.url, keys.get(agent) ?? "", ""),
    /** Tries until it works; whenever the process is found dead it is started again. */
    async insist<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
      for (let tries = 0; tries < 200; tries++) {
        const t0 = Date.now();
        const result = await attempt().catch((error) => { require("node:fs").appendFileSync("/tmp/crash.log", (() => { const D = require("better-sqlite3"); const d = new D(database.slice(7), {readonly: true}); const r = JSON.stringify({now: now(), jobs: d.prepare("select * from jobs").all(), copies: d.prepare("select * from copies order by created_at desc limit 1").all(), calls: slack.calls().slice(-6).map(c => c.method + c.status + c.error), pid: process.url}); d.close(); return r; })() + `   ${name} try ${tries} ${Date.now()-t0} ${String(error)} ${error.stack?.split("\n")[2]}\n`); return undefined; });
        if (result !== undefined) return result;
        // A refused connection is seen a moment before the end of the process is.
        if (process.isDead() || (await isGone(process.url))) await revive();
      }
      throw new Error(`200 tries in vain, after: ${deaths.at(-1)}`);
    },
    async close() {
      await process.stop();
      await receiver.close();
      await slack.close();
    },
  };
}

async function isGone(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => false,
    () => true,
  );
}

/** Raise → card → click → redraw → callback → released, as an agent and a person do it who try again when something fails. */
async function walk(lane: Lane, boundary: number): Promise<readonly string[]> {
  const turn = TURNS[lane.ledger.length % TURNS.length] ?? TURNS[0];
  const name = `Walk ${lane.ledger.length}`;
  const key = `key-${lane.ledger.length}`;
  const agent = () => lane.client(turn.agent);
  await lane.process().arm(boundary);

  const raise = () => agent().escalate({ summary: name, callback_url: lane.receiver.url }, key);
  const { id } = (await lane.insist(async () => only(202, await raise()))).body;
  expect((await lane.insist(raise)).body.id, "the same key, the same escalation").toBe(id);
  lane.ledger.push({ id, name, key });

  const cards = () => cardsIn(lane.slack.dm(turn.person)).filter((card) => read(card).includes(name));
  const look = (done: (card: Message) => boolean, what: string) =>
    lane.insist(() =>
      Promise.race([
        lane.slack.until(() => cards().find(done), what),
        lane.process().death.then(() => undefined),
      ]),
    );
  const asks = (card: Message) => buttonsOn(card.blocks).some(({ text }) => text === "Approve");
  const says = (card: Message) => read(card).includes(`Approved by @${turn.person}`);
  await lane.insist(async () => {
    const card = await look((one) => asks(one) || says(one), `the card of ${name}`);
    if (says(card)) return true;
    const { outcome } = await lane.slack.press(turn.person, card, "Approve");
    return outcome === "acknowledged" || undefined;
  });

  const settled = async () => {
    const reply = await agent().follow(id, 5);
    return reply.body.delivery?.callback === "delivered" ? reply.body : undefined;
  };
  const check = async () => {
    const told = await lane.insist(settled);
    expect(told).toMatchObject({ status: "decided", decision: { verdict: "approve", by: {} } });
    expect((await lane.insist(() => agent().state())).body).toMatchObject({ state: "running", holds: [] });
    await look(says, `the redrawn card of ${name}`);
  };
  await check();
  const passed = await lane.process().quiet();
  if (passed) return passed;
  await lane.insist(settled);
  await check();
  return [];
}

function only(status: number, reply: Reply): Reply | undefined {
  return reply.status === status ? reply : undefined;
}

/** The agents' ledger, the workspace's messages and the database, side by side. */
async function compare(lane: Lane): Promise<void> {
  const store = await openStore({ url: lane.database });
  try {
    const all = (
      await Promise.all(TURNS.map(({ person }) => cardsIn(lane.slack.dm(person)).map(read)))
    ).flat();
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    expect(await store.escalations.countOpen()).toBe(0);
    expect(await store.holds.active()).toEqual([]);
    const stored = (await Promise.all([undefined].map(() => store.escalations.page({ limit: 500 })))).flat();
    expect(stored.map(({ id }) => id).toSorted()).toEqual(lane.ledger.map(({ id }) => id).toSorted());
    for (const { id, name } of lane.ledger) {
      const kinds = (await store.audit.ofEscalation(id as never)).map(({ kind }) => kind);
      for (const once of [
        "escalation.opened",
        "escalation.decided",
        "hold.placed",
        "hold.released",
        "card.shown",
      ])
        expect(
          kinds.filter((kind) => kind === once),
          `${name}: ${once}`,
        ).toHaveLength(1);
      expect(await store.copies.of(id as never)).toMatchObject([{ part: "card", state: "shown" }]);
      expect(
        all.filter((card) => card.includes(name)),
        `cards of ${name}`,
      ).toHaveLength(1);
      const told = lane.receiver.of("escalation.decided").filter(({ data }) => data.id === id);
      expect(told.length, `callbacks of ${name}`).toBeGreaterThan(0);
      expect(new Set(told.map((one) => `${one.id} ${one.body}`)).size, `different callbacks of ${name}`).toBe(
        1,
      );
      expect(await store.callbacks.of(id as never)).toMatchObject([{ state: "delivered" }]);
    }
    expect(lane.receiver.refused).toEqual([]);
  } finally {
    await store.close();
  }
}

describe("a process that is killed", () => {
  it("at any boundary of a walk loses nothing and does nothing twice", { timeout: 25_000 }, async () => {
    const lanes = await Promise.all([openLane("one"), openLane("two")]);
    const [first, second] = lanes;
    const fresh = await walk(first, NEVER);
    await walk(first, NEVER);
    const usual = await walk(first, NEVER);
    // A conversation is opened once for each person, so those boundaries come first, in lanes that have opened none.
    const opening = fresh.flatMap((what, at) => (what.includes("conversations.open") ? [at + 1] : []));
    const all = [3,5,7];
    const t = Date.now();
    await Promise.all([
      runAll(
        first,
        all.filter((at) => at % 2 === 1),
      ),
      runAll(second, [...opening.slice(0, 2), ...all.filter((at) => at % 2 === 0)]),
    ]);
    console.log(
      Date.now() - t,
      fresh.length,
      usual.length,
      lanes.map(({ deaths }) => deaths.length),
    );
    console.log(lanes.map(({ deaths }) => deaths.join("\n")).join("\n--\n"));
    for (const lane of lanes) {
      await lane.close();
      await compare(lane);
    }
  });
});

async function runAll(lane: Lane, boundaries: readonly number[]): Promise<void> {
  for (const boundary of boundaries) {
    const t = Date.now();
    await walk(lane, boundary);
    require("node:fs").appendFileSync(
      "/tmp/crash.log",
      `${lane.database.slice(-8)} ${boundary} ${Date.now() - t} ms ${lane.deaths.length} ${lane.deaths.at(-1)}\n`,
    );
  }
}
