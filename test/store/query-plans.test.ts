/** Every statement of the store, as SQLite plans it: none walks through a table that grows. */
import { describe, expect, it } from "vitest";
import { migrationsFolder, readMigrations } from "../../src/store/migrations.ts";
import { createSqliteEngine } from "../../src/store/sqlite-engine.ts";
import { openFile } from "../../src/store/sqlite-file.ts";
import { migrate } from "../../src/store/sqlite-migrate.ts";
import { createStore } from "../../src/store/store.ts";

/** All statements, with SQLite's plan for each. */
async function plans(): Promise<readonly { readonly text: string; readonly plan: readonly string[] }[]> {
  const database = openFile(":memory:");
  migrate(database, readMigrations(migrationsFolder("sqlite")), () => 0);
  const engine = createSqliteEngine(database);
  const texts: string[] = [];
  const noting: typeof engine = {
    ...engine,
    prepare(query) {
      const statement = engine.prepare(query);
      texts.push(statement.text);
      return statement as never;
    },
  };
  const store = await createStore(noting, "nobody");
  const found = texts.map((text) => {
    const parameters = text.replaceAll(/"[^"]*"|'[^']*'/g, "").split("?").length - 1;
    const rows = database
      .prepare<unknown[], { readonly detail: string }>(`explain query plan ${text}`)
      .all(...Array.from({ length: parameters }, () => null));
    return { text, plan: rows.map((row) => row.detail) };
  });
  await store.close();
  return found;
}

/** Statements that read all there is of something, and may: at the start, or because there is little of it. */
const MAY_WALK = [
  /from "agents" inner join/, // every agent
  /from "hold_versions"/, // one row per agent
  /distinct "jobs"."owner"|where "jobs"."owner" = \?/, // leases, once when the store opens
];

describe("the store's queries", () => {
  it("use an index wherever a table grows", async () => {
    const all = await plans();
    expect(all.length).toBeGreaterThan(50);
    const walks = all.filter(
      ({ text, plan }) =>
        plan.some((step) => /^SCAN (?!audit$)/.test(step) && !/USING (COVERING )?INDEX/.test(step)) &&
        !MAY_WALK.some((pattern) => pattern.test(text)),
    );
    expect(walks).toEqual([]);
  });

  it("use the index that was made for them", async () => {
    const all = await plans();
    const planOf = (...parts: readonly string[]) =>
      all.filter(({ text }) => parts.every((part) => text.includes(part))).map(({ plan }) => plan.join("; "));
    const open = `"escalations"."status" = 'open'`;
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ["count(*)", 'from "escalations"', open, '"agent" = ?'],
        /COVERING INDEX escalations_open \(agent=\?\)/,
      ],
      [
        ["count(*)", 'from "escalations" where "escalations"."status" = \'open\''],
        /COVERING INDEX escalations_/,
      ],
      [
        ['from "escalations" left join', open, '"trigger" = ?'],
        /INDEX escalations_open \(agent=\? AND trigger=\?\)/,
      ],
      [
        ['"rule" = ?', 'from "escalations"'],
        /INDEX escalations_rule \(agent=\? AND trigger=\? AND rule=\? AND created_at>\?\)/,
      ],
      [
        ['"status" = ? and "escalations"."id" < ?', 'where ("esc'],
        /INDEX escalations_status \(status=\? AND id<\?\)/,
      ],
      [
        ['where ("escalations"."agent" = ? and "escalations"."id" < ?'],
        /INDEX escalations_agent \(agent=\? AND id<\?\)/,
      ],
      [['from "holds"', "released_at", "or"], /INDEX holds_active \(agent=\?\)/],
      [['from "jobs" where "jobs"."ready_at" <= ?'], /INDEX jobs_ready \(ready_at<\?\)/],
      [["min("], /COVERING INDEX jobs_ready/],
      [['from "copies" where ("copies"."platform" = ?'], /INDEX copies_ref \(platform=\? AND ref=\?\)/],
      [
        ['count(*) as "n" from "tallies"'],
        /COVERING INDEX tallies_count \(agent=\? AND what=\? AND subject=\? AND at>\?\)/,
      ],
    ];
    for (const [parts, plan] of cases) {
      const found = planOf(...parts);
      expect(found.length, parts.join(" … ")).toBeGreaterThan(0);
      for (const one of found) expect(one, parts.join(" … ")).toMatch(plan);
    }
  });

  it("sort no page: the index has the order already", async () => {
    const pages = (await plans()).filter(({ text }) =>
      text.includes('order by "escalations"."id" desc limit ?'),
    );
    expect(pages).toHaveLength(4);
    for (const { plan } of pages) expect(plan.join()).not.toMatch(/TEMP B-TREE/);
  });
});
