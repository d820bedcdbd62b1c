/** The oracle: what agents, the workspace and the database say of the same escalations, side by side. */
import { expect } from "vitest";
import { openStore } from "../../../src/store/open-store.ts";
import { verifyAudit } from "../../../src/store/verify-audit.ts";
import type { Database } from "../postgres.ts";
import { read } from "../slack-person.ts";
import type { Message, SlackWorkspace } from "../slack-workspace/index.ts";
import type { Ledger } from "./ledger.ts";
import type { Notebook, Raised } from "./patience.ts";

/** News of a commit may take so long to another replica; whoever has heard nothing for longer says “held”. */
const NEWS_TAKES_MS = 1_000;
/** Clocks of a test and of a process on the same machine, and the way of an answer. */
const SLACK_MS = 100;

/** What has happened exactly once to each escalation, whatever became of the replicas meanwhile. */
const ONCE = [
  "escalation.opened",
  "hold.placed",
  "escalation.decided",
  "hold.released",
  "callback.delivered",
];

export interface World {
  readonly database: Database;
  readonly slack: SlackWorkspace;
  readonly people: readonly string[];
  readonly ledger: Ledger;
  readonly notebook: Notebook;
}

/** Everything that is still to happen has happened. */
export async function isSettled({ database, slack, people, ledger, notebook }: World): Promise<boolean> {
  const [waiting] = await database.query(
    `select (select count(*) from escalations where status = 'open')
          + (select count(*) from callbacks where state = 'pending')
          + (select count(*) from jobs where owner is not null or kind in ('draw', 'callback')) as n`,
  );
  const told = new Set(ledger.read().map(({ escalation }) => escalation));
  return (
    Number(waiting?.n) === 0 &&
    notebook.raised.every(({ id }) => told.has(id)) &&
    cardsOf(slack, people).every((card) => read(card).includes("Approved by"))
  );
}

/** Nothing lost and nothing twice. */
export async function compare(world: World): Promise<void> {
  const { database, slack, people, ledger, notebook } = world;
  const { raised } = notebook;
  const rows = async (text: string) => database.query(text);
  const ids = raised.map(({ id }) => id).toSorted();
  expect(new Set(ids).size, "a key that is sent again is the same escalation").toBe(raised.length);
  expect((await rows("select id from escalations order by id")).map(({ id }) => id)).toEqual(ids);
  expect(
    (await rows("select escalation from decisions order by 1")).map(({ escalation }) => escalation),
  ).toEqual(ids);

  const lines = await rows("select escalation, kind from audit where escalation is not null");
  const told = ledger.read();
  const cards = cardsOf(slack, people).map((card) => ({
    ts: card.ts,
    mark: markOf(card),
    words: read(card),
  }));
  const callbacks = await rows("select escalation, state from callbacks");
  for (const { id, key } of raised) {
    const kinds = lines.filter(({ escalation }) => escalation === id).map(({ kind }) => kind);
    expect(
      ONCE.map((once) => `${once} ${kinds.filter((kind) => kind === once).length}`),
      key,
    ).toEqual(ONCE.map((once) => `${once} 1`));
    expect(
      callbacks.filter(({ escalation }) => escalation === id),
      key,
    ).toMatchObject([{ state: "delivered" }]);
    const here = told.filter(({ escalation }) => escalation === id);
    expect(
      new Set(here.map((one) => `${one.id} ${one.body}`)).size,
      `what the agent was told of ${key}`,
    ).toBe(1);
    expect(
      cards.filter(({ words }) => words.includes(`\n${key} asks\n`)),
      `cards of ${key}`,
    ).toHaveLength(1);
  }

  // Several may name one message: those of a queue.
  const copies = await rows(
    `select copy.id, copy.state, coalesce(queue.ref, copy.ref) as ref
     from copies as copy left join copies as queue on queue.id = copy.queue`,
  );
  const named = copies.map(({ id, state, ref }) => {
    expect(state, `copy ${String(id)}`).toBe("shown");
    return JSON.parse(String(ref)).ts;
  });
  expect([...new Set(named)].toSorted(), "messages, and what is known of them").toEqual(
    cards.map(({ ts }) => ts).toSorted(),
  );
  const marks = cards.map(({ mark }) => mark);
  expect(new Set(marks).size, "no copy was posted twice").toBe(marks.length);
  expect(cards.filter(({ words }) => !words.includes("Approved by"))).toEqual([]);
  // Whoever presses on and on while nothing can be stored is answered each time, until Slack takes no more words to them.
  const calls = slack.violations().filter(({ method }) => method !== "chat.postEphemeral");
  expect(calls, "calls beyond Slack's rates").toEqual([]);
  expect(ledger.refused(), "callbacks that nobody had signed").toBe(0);

  const store = await openStore({ url: database.url });
  try {
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
  } finally {
    await store.close();
  }
  expect(await toldToGoOn(world, raised), "agents that were told to go on while they were held").toEqual([]);
}

/** Every answer of any replica that an agent may go on, while a request of its own stood open. */
async function toldToGoOn({ database, notebook }: World, raised: readonly Raised[]) {
  const decided = new Map(
    (await database.query("select escalation, at from decisions")).map(({ escalation, at }) => [
      escalation,
      Number(at),
    ]),
  );
  return raised.flatMap(({ id, agent, key, at }) =>
    notebook.states
      .filter((seen) => seen.agent === agent && !seen.held)
      .filter((seen) => seen.from > at + NEWS_TAKES_MS && seen.until < (decided.get(id) ?? 0) - SLACK_MS)
      .map((seen) => ({ key, ...seen })),
  );
}

function cardsOf(slack: SlackWorkspace, people: readonly string[]): readonly Message[] {
  return people
    .flatMap((person) => slack.dm(person))
    .filter(({ metadata, threadTs }) => metadata !== undefined && threadTs === undefined);
}

function markOf({ metadata }: Message): unknown {
  return (metadata as { readonly event_payload?: { readonly k?: unknown } } | undefined)?.event_payload?.k;
}
