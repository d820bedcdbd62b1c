/** Every statement of the store, as SQLite plans it: none walks through a table that grows. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { AgentId, CopyId, DigestId, EscalationId } from "../../src/domain/ids.ts";
import type { Engine } from "../../src/store/engine.ts";
import { migrationsFolder, readMigrations } from "../../src/store/migrations.ts";
import { createSqliteEngine } from "../../src/store/sqlite-engine.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import { migrate } from "../../src/store/sqlite-migrate.ts";
import { createStore } from "../../src/store/store.ts";

/** A statement reads all there is of something, and may: at the start, or because there is little of it. */
const MAY_WALK = [
  /from "agents" inner join/, // every agent
  /from "hold_versions"/, // one row for each agent
  /select distinct "owner"/, // leases, when the store opens
  /where "jobs"\."owner" = /, // the same
];

let store: Store;
let prepared: string[];
let asked: string[];
let planOf: (text: string) => string;

beforeEach(async () => {
  const database = openFile(":memory:");
  migrate(database, readMigrations(migrationsFolder("sqlite")), () => 0);
  [prepared, asked] = [[], []];
  planOf = (text) => {
    const parameters = text.replaceAll(/"[^"]*"|'[^']*'/g, "").split("?").length - 1;
    return database
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${text}`)
      .all(...Array.from({ length: parameters }, () => null))
      .map((step) => step.detail)
      .join("; ");
  };
  store = await createStore(noting(createSqliteEngine(database)), "nobody");
});
afterEach(() => store.close());

/** The engine, with a note of what is prepared and of what is then asked. */
function noting(engine: Engine): Engine {
  return {
    ...engine,
    prepare<In extends object, Row>(query: Parameters<Engine["prepare"]>[0]) {
      const statement = engine.prepare<In, Row>(query);
      prepared.push(statement.text);
      const order = (values: In) => {
        asked.push(statement.text);
        return statement.order(values);
      };
      return { ...statement, order };
    },
  };
}

describe("the store's queries", () => {
  it("use an index wherever a table grows", () => {
    expect(prepared.length).toBeGreaterThan(50);
    const walks = prepared
      .map((text) => ({ text, plan: planOf(text) }))
      .filter(({ plan }) => /SCAN (?!\w+ USING (COVERING )?INDEX)(?!audit)/.test(plan))
      .filter(({ text }) => !MAY_WALK.some((pattern) => pattern.test(text)));
    expect(walks).toEqual([]);
  });

  const agent = "a" as AgentId;
  const cursor = "esc_9" as EscalationId;
  const queue = "copy_9" as CopyId;
  const address = { platform: "slack", kind: "person", id: "U1" } as const;
  const days = { from: "2026-11-02", to: "2026-11-09" };
  const question = { what: "action:send_email", subject: "contact:1", since: 1 };

  it.each<readonly [string, () => Promise<unknown>, RegExp]>([
    [
      "a page of all",
      () => store.escalations.page({ limit: 9, cursor }),
      /SEARCH escalations USING INDEX sqlite_autoindex_escalations_1 \(id<\?\)/,
    ],
    [
      "a page of a status",
      () => store.escalations.page({ limit: 9, status: "open" }),
      /INDEX escalations_status \(status=\? AND id<\?\)/,
    ],
    [
      "an agent's open ones",
      () => store.escalations.page({ limit: 9, agent, status: "open" }),
      /INDEX escalations_open \(agent=\?\)/,
    ],
    [
      "a page of an agent's past",
      () => store.escalations.page({ limit: 9, agent, status: "decided" }),
      /INDEX escalations_past \(agent=\? AND id<\?\)/,
    ],
    [
      "the latest under a rule",
      () => store.escalations.latestByRule(agent, "budget", "r", 1),
      /INDEX escalations_rule \(agent=\? AND trigger=\? AND rule=\? AND created_at>\?\)/,
    ],
    [
      "the open ones of a trigger",
      () => store.escalations.openByTrigger(agent, "budget"),
      /INDEX escalations_open \(agent=\? AND trigger=\?\)/,
    ],
    ["how many are open", () => store.escalations.countOpen(), /COVERING INDEX escalations_(open|status)/],
    [
      "how many of an agent are open",
      () => store.escalations.countOpenOf(agent),
      /COVERING INDEX escalations_open \(agent=\?\)/,
    ],
    ["active holds", () => store.holds.active(), /INDEX holds_active/],
    ["an agent's active holds", () => store.holds.activeOf(agent), /INDEX holds_active \(agent=\?\)/],
    ["absences that stand", () => store.absences.standing(1), /INDEX absences_standing \(until_at>\?\)/],
    ["due jobs", () => store.jobs.claim(1, 1, 1), /INDEX jobs_ready \(ready_at<\?\)/],
    ["the next job", () => store.jobs.nextDue(), /COVERING INDEX jobs_ready/],
    ["overdue jobs", () => store.jobs.countOverdue(1), /COVERING INDEX jobs_ready \(ready_at<\?\)/],
    [
      "a copy by its message",
      () => store.copies.byRef("slack", { ts: "1" }),
      /INDEX copies_ref \(platform=\? AND ref=\?\)/,
    ],
    [
      "cards that wait at an address",
      () => store.copies.waitingAt(address, 9),
      /INDEX copies_wanted \(platform=\? AND address_id=\?\)/,
    ],
    [
      "cards that went to an address",
      () => store.copies.recentAt(address, 1, 9),
      /INDEX copies_attempted \(platform=\? AND address_id=\? AND attempted_at>\?\)/,
    ],
    [
      "a card of a like escalation",
      () => store.copies.alikeAt(address, { id: cursor, agent, trigger: "budget", group: "g" }, 1),
      /^SEARCH copies USING INDEX copies_attempted \([^;]*; SEARCH escalations USING INDEX [^;]*id=\?\)$/,
    ],
    [
      "the queue card at an address",
      () => store.copies.queueAt(address, 1),
      /MULTI-INDEX OR.*INDEX copies_wanted \(platform=\? AND address_id=\?\).*INDEX copies_attempted \(platform=\? AND address_id=\? AND attempted_at>\?\)/,
    ],
    ["rows of a queue card", () => store.copies.inQueue(queue), /INDEX copies_queue \(queue=\?\)/],
    ["their escalations", () => store.escalations.inQueue(queue), /INDEX copies_queue \(queue=\?\)/],
    ["how many they are", () => store.copies.queueSize(queue), /INDEX copies_queue \(queue=\?\)/],
    ["copies of an escalation", () => store.copies.of(cursor), /INDEX copies_escalation \(escalation=\?\)/],
    ["callbacks in a state", () => store.callbacks.inState("dead", 9), /INDEX callbacks_state \(state=\?\)/],
    [
      "callbacks of an escalation",
      () => store.callbacks.of(cursor),
      /INDEX callbacks_escalation \(escalation=\?\)/,
    ],
    ["a key by its hash", () => store.keys.findByHash("h"), /INDEX keys_hash \(hash=\?\)/],
    ["an agent's keys", () => store.keys.of(agent), /INDEX keys_live \(agent=\?\)/],
    ["an answer", () => store.answers.find("s", "k"), /INDEX answers_key \(key=\? AND scope=\?\)/],
    ["old answers", () => store.answers.forget(1), /INDEX answers_at \(at<\?\)/],
    ["old tallies", () => store.tallies.forget(1), /INDEX tallies_at \(at<\?\)/],
    ["old notes", () => store.notes.forget(1), /INDEX notes_until \(until<\?\)/],
    [
      "tallies",
      () => store.tallies.count(agent, [question]),
      /COVERING INDEX tallies_count \(agent=\? AND what=\? AND subject=\? AND at>\?\)/,
    ],
    [
      "counts of days",
      () => store.counts.totals(agent, days),
      /SEARCH daily_counts USING INDEX daily_counts_key \(agent=\? AND day=\? AND what=\?\)/,
    ],
    [
      "groups",
      () => store.counts.groups(agent, days, 3, 9),
      /INDEX daily_counts_key \(agent=\? AND day>\? AND day<\?\)/,
    ],
    [
      "what waits by trigger",
      () => store.overview.openByTrigger(agent),
      /COVERING INDEX escalations_open \(agent=\?\)/,
    ],
    ["what presses", () => store.overview.mostPressing(agent, 5), /INDEX escalations_open \(agent=\?\)/],
    ["what is overdue", () => store.overview.overdue(agent, 1), /INDEX escalations_open \(agent=\?\)/],
    ["dead callbacks", () => store.overview.deadCallbacks(agent), /INDEX callbacks_state \(state=\?\)/],
    [
      "the latest decisions",
      () => store.overview.latestDecisions(agent, { from: 1, to: 2 }, 5),
      /INDEX escalations_settled \(agent=\? AND settled_at>\? AND settled_at<\?\); SEARCH decisions USING INDEX/,
    ],
    [
      "the last digest of a schedule",
      () => store.digests.latestDate("weekly"),
      /COVERING INDEX digests_once \(schedule=\?\)/,
    ],
    [
      "digests of a kind",
      () => store.digests.page({ kind: "weekly", limit: 9 }),
      /INDEX digests_kind \(kind=\? AND id<\?\)/,
    ],
    [
      "unsigned digests",
      () => store.digests.unsigned(agent, "weekly", { since: 1, limit: 9 }),
      /INDEX digests_kind \(kind=\? AND id>\?\)/,
    ],
    [
      "signatures under a digest",
      () => store.inspections.of("digest_1" as DigestId),
      /INDEX inspections_once \(digest=\?\)/,
    ],
    [
      "the copies of a digest",
      () => store.copies.ofDigest("digest_1" as DigestId),
      /INDEX copies_digest \(digest=\?\)/,
    ],
    ["the audit trail", () => store.audit.after(9, 9), /SEARCH audit USING INTEGER PRIMARY KEY \(rowid>\?\)/],
    [
      "an escalation's audit trail",
      () => store.audit.ofEscalation(cursor),
      /INDEX audit_escalation \(escalation=\?\)/,
    ],
  ])("find %s by the index that was made for it", async (_, ask, plan) => {
    asked = [];
    await ask();
    expect(asked).toHaveLength(1);
    for (const text of asked) expect(planOf(text)).toMatch(plan);
  });

  it("are planned once, whatever values they get", () => {
    // SQLite plans a query anew for each value of a bare parameter; behind a sign or in a sum it does not look at them.
    const queries = prepared.filter((text) => /^(select|delete)/.test(text));
    expect(queries.length).toBeGreaterThan(30);
    for (const text of queries) expect(text).not.toMatch(/[^+]\?(?! \+ 0)/);
  });

  it("sort no page: the index has the order already", async () => {
    const pages = prepared.filter((text) => text.includes('order by "escalations"."id" desc limit'));
    expect(pages).toHaveLength(4);
    for (const text of pages) expect(planOf(text)).not.toMatch(/TEMP B-TREE/);
  });
});
