/** Three replicas on one database, of which one is killed, one is stopped for longer than its leases last, and all lose the database for a while. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { slackManifest } from "../../src/chat/platforms.ts";
import { type DatabaseProxy, databaseProxy } from "../store/database-proxy.ts";
import { agentClient, callWith, type Reply } from "../support/agent-client.ts";
import { type Database, describeOnPostgres } from "../support/postgres.ts";
import { compare, isSettled, type World } from "../support/replicas/compare.ts";
import { type Ledger, startLedger } from "../support/replicas/ledger.ts";
import {
  insist,
  newNotebook,
  type PatientAgent,
  patientAgent,
  patientPerson,
  pause,
} from "../support/replicas/patience.ts";
import { type Replica, startReplica } from "../support/replicas/replica.ts";
import { type RoundRobin, startRoundRobin } from "../support/replicas/round-robin.ts";
import { type SlackWorkspace, startSlackWorkspace } from "../support/slack-workspace/index.ts";

const LEASE_MS = 30_000;

/**
 * Nothing shortens a lease: the stopped replica sleeps until somebody else has taken its job over, and
 * not less than this. Nights have time for the whole of it.
 */
const { stoppedMs, awayMs } = process.env.HOLDPOINT_TEST_NIGHTLY
  ? { stoppedMs: 90_000, awayMs: 30_000 }
  : { stoppedMs: 35_000, awayMs: 12_000 };

/** Each with an owner of its own: the fewer messages go to one person, the less of the time goes by waiting for Slack's pace. */
const BUSY = ["a1", "a2", "a3", "a4", "a5"];
/** What only this file's own steps touch. */
const [FENCED, LATE, HELD, FREED] = ["fenced", "late", "held", "freed"];
const AGENTS = [...BUSY, FENCED, LATE, HELD, FREED];
const PEOPLE = AGENTS.map(accountOf);
/** Between one request of an agent and its next, in milliseconds. */
const THINKS = 4_000;

await describeOnPostgres("three replicas under load", (newDatabase) => {
  let folder: string;
  let database: Database;
  let proxy: DatabaseProxy;
  let slack: SlackWorkspace;
  let ledger: Ledger;
  let balancer: RoundRobin;
  const replicas: Replica[] = [];
  let world: World;
  let admin: ReturnType<typeof callWith>;
  let clients: ReadonlyMap<string, string>;
  let start: () => Promise<Replica>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "holdpoint-replicas-"));
    database = await newDatabase();
    proxy = await databaseProxy(database.url);
    slack = await startSlackWorkspace({
      users: PEOPLE.map((id) => ({ id, name: id.toLowerCase() })),
      channels: [],
      manifest: slackManifest("https://holdpoint.example.com"),
    });
    ledger = await startLedger(join(folder, "ledger"));
    balancer = await startRoundRobin();
    slack.setEventsUrl(`${balancer.url}/slack/events`);
    writeFileSync(join(folder, "holdpoint.yaml"), settings());
    const adminKey = `hp_admin_${randomBytes(32).toString("base64url")}`;
    const env = {
      DATABASE_URL: proxy.url,
      HOLDPOINT_CONFIG: join(folder, "holdpoint.yaml"),
      HOLDPOINT_PUBLIC_URL: "https://holdpoint.example.com",
      HOLDPOINT_SECRET: randomBytes(32).toString("base64"),
      HOLDPOINT_ADMIN_KEY: adminKey,
      HOLDPOINT_CALLBACK_ALLOW: "127.0.0.1",
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: slack.signingSecret,
      SLACK_API_URL: slack.apiUrl,
    };
    start = async () => {
      const replica = await startReplica(env);
      replicas.push(replica);
      balancer.add(replica.url);
      return replica;
    };
    await Promise.all([start(), start(), start()]);
    admin = callWith(balancer.url, adminKey);
    clients = new Map(
      await Promise.all(
        AGENTS.map(async (agent): Promise<[string, string]> => {
          const { body } = await admin("POST", `/v1/agents/${agent}/keys`);
          ledger.secrets.push(body.signing_secret);
          return [agent, body.key];
        }),
      ),
    );
    world = { database, slack, people: PEOPLE, ledger, notebook: newNotebook() };
  }, 60_000);
  afterAll(async () => {
    proxy.up();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await Promise.all([balancer.close(), ledger.close(), slack.close(), proxy.close()]);
    await database.drop();
    rmSync(folder, { recursive: true });
  });

  const agentNamed = (id: string): PatientAgent =>
    patientAgent(
      { url: balancer.url, id, key: clients.get(id) ?? "", callbackUrl: ledger.url },
      world.notebook,
    );
  /** What one replica itself answers. */
  const stateAt = ({ url }: Replica, agent: string): Promise<Reply> =>
    agentClient(url, clients.get(agent) ?? "", "").state();
  const running = async (replica: Replica, agent: string) =>
    (await stateAt(replica, agent)).body.state === "running" ? true : undefined;

  /** Agents raise, wait and go on, and people approve, until they are told to stop. */
  function load() {
    let going = true;
    const agents = BUSY.map(async (id, at) => {
      const agent = agentNamed(id);
      await pause((at * THINKS) / BUSY.length);
      while (going) {
        const { id: escalation } = await agent.raise();
        await agent.decided(escalation);
        await insist(() => agent.mayGoOn().then((may) => may || undefined));
        await pause(THINKS);
      }
    });
    const asking = BUSY.map(async (id) => {
      const agent = agentNamed(id);
      while (going) {
        await agent.mayGoOn();
        await pause(250);
      }
    });
    const people = PEOPLE.map((person) => patientPerson(slack, person));
    return {
      async stop() {
        going = false;
        await Promise.all([...agents, ...asking]);
      },
      leave: () => Promise.all(people.map((person) => person.stop())),
    };
  }

  /** Who is delivering a callback at this moment, under which fence, and until when nobody else may. */
  async function holderOf(callback: string) {
    const [row] = await database.query(
      "select key, owner, fence, ready_at from jobs where kind = 'callback' and ref = $1 and owner is not null",
      [callback],
    );
    const pid = Number(/^\d+/.exec(String(row?.owner))?.[0]);
    const replica = replicas.find((one) => one.pid === pid);
    return replica && { replica, job: String(row?.key), fence: row?.fence, until: Number(row?.ready_at) };
  }

  async function stateOf(callback: string) {
    const [row] = await database.query("select state from callbacks where id = $1", [callback]);
    return row?.state;
  }

  /** Raises and waits until somebody delivers the decision, to an agent that does not answer. */
  async function raiseHeld(agent: PatientAgent, attempts?: number) {
    const { id } = await agent.raise();
    const held = ledger.hold(id, attempts);
    await insist(async () => (held.arrivals() > 0 ? true : undefined));
    const [row] = await database.query("select id from callbacks where escalation = $1", [id]);
    const callback = String(row?.id);
    return { held, callback, ...(await insist(() => holderOf(callback))) };
  }

  it("lose nothing, do nothing twice, and let no agent go on that is held", {
    timeout: 400_000,
  }, async () => {
    const [first] = replicas;
    const busy = load();
    await pause(5_000);

    // One is killed in the middle of it all, and stays away.
    first?.signal("SIGKILL");
    await pause(3_000);

    // One is stopped while it delivers a callback, and what is held changes meanwhile.
    const hold = async (agent: string) =>
      (await admin("POST", `/v1/agents/${agent}/holds`, { reason: "A test holds it." })).body.id as string;
    const freed = await hold(FREED);
    const [fenced, late] = [agentNamed(FENCED), agentNamed(LATE)];
    const { stale, underWay, done } = await insist(async () => {
      const [one, other] = await Promise.all([raiseHeld(fenced), raiseHeld(late, 1)]);
      if (one.replica === other.replica) return { stale: one.replica, underWay: one, done: other };
      for (const { held } of [one, other]) held.release();
      return undefined;
    });
    stale.signal("SIGSTOP");
    const stoppedAt = performance.now();
    await insist(
      async () => (await admin("DELETE", `/v1/agents/${FREED}/holds/${freed}`)).status === 200 || undefined,
    );
    await insist(async () => (await hold(HELD)) || undefined);
    const queued = Array.from({ length: 10 }, () => stateAt(stale, HELD));
    // Another takes its jobs over, once the leases are over: it is done with one, and in the middle of the other.
    const taken = await insist(async () => {
      const holder = await holderOf(underWay.callback);
      const isOver =
        performance.now() - stoppedAt >= stoppedMs && (await stateOf(done.callback)) === "delivered";
      const isFresh = holder && holder.replica !== stale && holder.until - Date.now() > LEASE_MS - 7_000;
      return isOver && isFresh ? holder : undefined;
    });
    stale.signal("SIGCONT");
    for (const { body } of await Promise.all(queued))
      expect(body.state, "whoever slept answers at once").toBe("held");
    for (const { job } of [underWay, done])
      await stale.says(
        (line) => line.msg.includes("taken over") && line.job === job,
        `${job} was taken over`,
        15_000,
      );
    expect(await holderOf(underWay.callback), "the late end of a run frees nobody's job").toEqual(taken);
    expect(await stateOf(done.callback), "the late end of a run undoes nothing").toBe("delivered");
    for (const { held } of [underWay, done]) held.release();
    await insist(() => running(stale, FREED));
    expect((await stateAt(stale, HELD)).body.state).toBe("held");

    // The killed one is started again, as whatever watches over processes does.
    const back = await start();
    await insist(() => running(back, FREED));

    // The database is away.
    const awayFrom = Date.now();
    proxy.down();
    await pause(awayMs);
    for (const replica of replicas.filter((one) => !one.isDead())) {
      expect((await fetch(`${replica.url}/readyz`)).status).toBe(503);
      const { status, body } = await stateAt(replica, FREED);
      expect([status === 503, body.state === "held" && body.version === -1], "who can't know").toContain(
        true,
      );
    }
    const awayUntil = Date.now();
    proxy.up();

    // It all goes on by itself.
    await pause(10_000);
    await busy.stop();
    await insist(async () => (await isSettled(world)) || undefined);
    await busy.leave();
    await Promise.all(replicas.map((replica) => replica.stop()));
    await compare(world);

    const { answers, states, raised: all } = world.notebook;
    const during = <Thing extends { readonly from: number }>(things: readonly Thing[], after: number) =>
      things.filter(({ from }) => from > awayFrom + after && from < awayUntil - 1_000);
    const refused = during(answers, 500).map(({ status }) => status);
    expect(new Set(refused), "new work without a database").toEqual(new Set([503]));
    const asked = during(states, 2_000);
    expect(
      asked.filter(({ held: isHeld }) => !isHeld),
      "who can't know",
    ).toEqual([]);
    expect(all.length, "there was a load at all").toBeGreaterThan(BUSY.length * 5);
    expect(answers.filter(({ status }) => ![0, 202, 502, 503].includes(status))).toEqual([]);
  });
});

function accountOf(agent: string): string {
  return `U0${agent.toUpperCase()}`;
}

function settings(): string {
  const people = AGENTS.map((id) => `  - { id: owner-${id}, name: Owner of ${id}, slack: ${accountOf(id)} }`);
  const agents = AGENTS.map(
    (id) => `  - id: ${id}
    name: Agent ${id}
    environment: production
    charter:
      goal: { outcome: Answer what customers ask, metric: answered, target: "+10%" }
      actions: { may: [send_email] }
      constraints: { budget: { cap: 100, currency: GBP, per: month } }
      triggers: { low_confidence: { below: 0.75 } }
      review: { timezone: UTC }
      ownership: { owner: owner-${id} }`,
  );
  return ["people:", ...people, "agents:", ...agents, ""].join("\n");
}
