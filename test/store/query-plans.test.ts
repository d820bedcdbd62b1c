/** Every statement of the store, as SQLite plans it: none walks through a table that grows. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { AgentId, EscalationId } from "../../src/domain/ids.ts";
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
      "a page of an agent",
      () => store.escalations.page({ limit: 9, agent }),
      /INDEX escalations_agent \(agent=\? AND id<\?\)/,
    ],
    [
      "a page of both",
      () => store.escalations.page({ limit: 9, agent, status: "open" }),
      /INDEX escalations_(agent|status) \(\w+=\? AND id<\?\)/,
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
    ["due jobs", () => store.jobs.claim(1, 1, 1), /INDEX jobs_ready \(ready_at<\?\)/],
    ["the next job", () => store.jobs.nextDue(), /COVERING INDEX jobs_ready/],
    ["overdue jobs", () => store.jobs.countOverdue(1), /COVERING INDEX jobs_ready \(ready_at<\?\)/],
    [
      "a copy by its message",
      () => store.copies.byRef("slack", { ts: "1" }),
      /INDEX copies_ref \(platform=\? AND ref=\?\)/,
    ],
    ["copies of an escalation", () => store.copies.of(cursor), /INDEX copies_escalation \(escalation=\?\)/],
    ["callbacks in a state", () => store.callbacks.inState("dead", 9), /INDEX callbacks_state \(state=\?\)/],
    [
      "callbacks of an escalation",
      () => store.callbacks.of(cursor),
      /INDEX callbacks_escalation \(escalation=\?\)/,
    ],
    ["a key by its hash", () => store.keys.findByHash("h"), /INDEX keys_hash \(hash=\?\)/],
    ["an agent's keys", () => store.keys.of(agent), /INDEX keys_live \(agent=\?\)/],
    ["an answer", () => store.answers.find("s", "k"), /INDEX answers_key \(scope=\? AND key=\?\)/],
    ["old answers", () => store.answers.forget(1), /INDEX answers_at \(at<\?\)/],
    [
      "tallies",
      () => store.tallies.count(agent, [question]),
      /COVERING INDEX tallies_count \(agent=\? AND what=\? AND subject=\? AND at>\?\)/,
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
