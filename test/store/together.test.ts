/** Steps that come together are one transaction, whose audit lines are one chain. */
import { expect, it } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import { openStore } from "../../src/store/open-store.ts";
import { createSqliteEngine } from "../../src/store/sqlite-engine.ts";
import { createStore } from "../../src/store/store.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { approved, opened } from "../contracts/store-samples.ts";
import { describeOnPostgres } from "../support/postgres.ts";
import { openSqlite } from "./open-sqlite.ts";

const OPENINGS = Array.from({ length: 20 }, (_, at) => opened(at + 1));

/** Twenty are opened at once; then all of them are approved at once, the first of them twice. */
async function openAndApprove(store: Store): Promise<readonly string[]> {
  await Promise.all(OPENINGS.map(({ step }) => store.save(step)));
  const approvals = [...OPENINGS, ...OPENINGS.slice(0, 1)].map(({ escalation, hold }) =>
    store.save(approved(escalation, hold, 1)),
  );
  return Promise.all(approvals);
}

it("on SQLite: one transaction for what is opened, one for what is decided", async () => {
  const { store: first, database } = await openSqlite();
  const engine = createSqliteEngine(database);
  const store = await createStore(engine, "nobody");
  const before = engine.transaction();
  const answers = await openAndApprove(store);
  expect(engine.transaction() - before).toBe(2);
  expect(answers.filter((answer) => answer === "conflict")).toHaveLength(1);
  expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
  await first.close();
});

await describeOnPostgres("on Postgres", (newDatabase) => {
  it("one transaction for what is opened, one for what is decided", async () => {
    const database = await newDatabase();
    const store = await openStore({ url: database.url });
    const answers = await openAndApprove(store);
    const [written] = await database.query("select count(distinct xmin::text)::int as n from audit");
    expect(written).toEqual({ n: 2 });
    expect(answers.filter((answer) => answer === "conflict")).toHaveLength(1);
    expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
    await store.close();
    await database.drop();
  });
});
