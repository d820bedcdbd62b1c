/** What is past its time is forgotten: a first answer after thirty days, a counted contact after a year. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { forgetOld } from "../../src/application/forget-old.ts";
import type { Store } from "../../src/application/ports.ts";
import { DAY } from "../../src/domain/time/time.ts";
import { openSqlite } from "../store/open-sqlite.ts";
import { movableClock } from "../support/slack-workspace/index.ts";

const clock = movableClock();
let store: Store;
beforeEach(async () => {
  ({ store } = await openSqlite());
});
afterEach(() => store.close());

it("keeps what can still be asked for, and counts what is gone", async () => {
  const forget = forgetOld({ store, clock });
  const asked = { scope: "trial-nurture /v1/signals", key: "once", bodyHash: "b", status: 200, body: "{}" };
  const contact = { agent: "trial-nurture", what: "action:send_email", subject: "contact:1" };
  const at = clock.now();
  await store.save({ answer: { ...asked, at }, tallies: [{ ...contact, at }], audit: [] });
  await store.notes.set("a link", "of Sarah", at + DAY);

  expect(await forget()).toBe(0);
  clock.advance(DAY);
  expect(await forget(), "the link").toBe(1);
  clock.advance(29 * DAY);
  expect(await forget(), "an answer is kept thirty days").toBe(0);
  clock.advance(DAY);
  expect(await forget(), "the answer").toBe(1);
  clock.advance(335 * DAY);
  expect(await forget(), "a charter may count within a year").toBe(0);
  clock.advance(DAY);
  expect(await forget(), "the contact").toBe(1);
});
