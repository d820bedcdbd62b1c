/** What every engine's store must do, told as stories; the jobs' part stands in a file of its own. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Store } from "../../src/application/ports.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import type { AgentId, EscalationId } from "../../src/domain/ids.ts";
import type { Step, StoredAnswer } from "../../src/domain/step.ts";
import { verifyAudit } from "../../src/store/verify-audit.ts";
import { absenceContract } from "./absence-contract.ts";
import { jobsContract } from "./jobs-contract.ts";
import { pacesContract } from "./paces-contract.ts";
import { queueContract } from "./queue-contract.ts";
import { type OpenedStore, readingContract } from "./reading-contract.ts";
import { reviewsContract } from "./reviews-contract.ts";
import {
  agent,
  approved,
  callback,
  chartered,
  copy,
  key,
  line,
  NINE,
  numbered,
  opened,
  pauseHold,
} from "./store-samples.ts";

const answer = (more: Partial<StoredAnswer> = {}): StoredAnswer => ({
  ...{
    scope: "trial-nurture:escalations",
    key: "key-1",
    bodyHash: "hash",
    status: 202,
    body: "{}",
    at: NINE,
  },
  ...more,
});

/** `runs`: how many random stories of jobs are told; fewer where each costs journeys over a network. */
export function storeContract(name: string, open: () => Promise<OpenedStore>, runs = 500): void {
  describe(`a store on ${name}`, () => {
    let behind: OpenedStore;
    let store: Store;
    beforeEach(async () => {
      behind = await open();
      store = behind.store;
    });
    afterEach(() => behind.close());

    const raised = async (number: number, more: Parameters<typeof opened>[1] = {}) => {
      const made = opened(number, more);
      expect(await store.save(made.step)).toBe("saved");
      return made;
    };

    describe("keeps what it is given", () => {
      it("gives an escalation back as it was, with its hold and its callback", async () => {
        const { escalation, hold, step } = await raised(1, { rule: "confidence below 70 %" });
        expect(await store.escalations.find(escalation.id)).toEqual(escalation);
        expect(hold && (await store.holds.find(hold.id))).toEqual(hold);
        expect(await store.callbacks.of(escalation.id)).toEqual(step.callbacks);
        expect(await store.escalations.find("esc_none" as EscalationId)).toBeUndefined();
      });

      it("gives a decided escalation back with its decision, and its outcome when that is reported", async () => {
        const { escalation, hold } = await raised(1);
        const step = approved(escalation, hold, 1);
        expect(await store.save(step)).toBe("saved");
        const after = step.escalation?.after as Escalation;
        expect(await store.escalations.find(escalation.id)).toEqual(JSON.parse(JSON.stringify(after)));
        const reported = { ...after, revision: after.revision + 1, outcome: { executed: true, at: NINE } };
        expect(await store.save({ escalation: { before: after.revision, after: reported }, audit: [] })).toBe(
          "saved",
        );
        expect(await store.escalations.find(escalation.id)).toEqual(JSON.parse(JSON.stringify(reported)));
      });

      it("keeps every charter an agent ever had", async () => {
        expect(await store.save(chartered(agent()))).toBe("saved");
        expect(await store.save(chartered(agent("trial-nurture", 2)))).toBe("saved");
        expect(await store.save(chartered(agent("billing")))).toBe("saved");
        expect(await store.agents.find(agent().id)).toEqual(agent("trial-nurture", 2));
        expect(await store.agents.all()).toEqual([agent("billing"), agent("trial-nurture", 2)]);
        expect(await store.agents.charterVersions(agent().id)).toEqual([
          { version: 1, by: "admin", at: NINE + 1 },
          { version: 2, by: "admin", at: NINE + 2 },
        ]);
        expect(await behind.raw("select version from charters where agent = 'trial-nurture'")).toHaveLength(
          2,
        );
      });

      it("finds keys by hash, and counts and lists only those that are not revoked", async () => {
        const keys = [key(1, "a"), key(2, "a"), key(3, "a", { revokedAt: NINE }), key(4, null)];
        await store.save({ keys, audit: [] });
        await store.save({ keys: [key(2, "a", { revokedAt: NINE })], audit: [] });
        expect(await store.keys.of("a" as AgentId)).toEqual([key(1, "a")]);
        expect(await store.keys.findByHash(key(4, null).hash)).toEqual(key(4, null));
        expect(await store.keys.findByHash(key(3, "a").hash)).toEqual(key(3, "a", { revokedAt: NINE }));
        expect(await store.keys.ofAdmin()).toEqual([key(4, null)]);
      });

      it("finds a copy by the message it stands as, whatever the order of the reference's members", async () => {
        const { escalation } = await raised(1);
        await store.save({ copies: [copy(1, escalation.id), copy(2, escalation.id)], audit: [] });
        const shown = copy(1, escalation.id, {
          state: "shown",
          ref: { ts: "1.2", channel: "C1" },
          drawn: "abc",
        });
        await store.save({ copies: [shown], audit: [] });
        expect(await store.copies.byRef("slack", { channel: "C1", ts: "1.2" })).toEqual(shown);
        expect(await store.copies.byRef("teams", { channel: "C1", ts: "1.2" })).toBeUndefined();
        expect(await store.copies.byRef("slack", { channel: "C1", ts: "1.3" })).toBeUndefined();
        expect(await store.copies.of(escalation.id)).toEqual([shown, copy(2, escalation.id)]);
      });

      it("lists callbacks by state, oldest first", async () => {
        await store.save({ callbacks: [callback(2, null), callback(1, null), callback(3, null)], audit: [] });
        await store.save({ callbacks: [callback(1, null, { state: "dead", lastError: "410" })], audit: [] });
        expect(await store.callbacks.inState("dead", 10)).toEqual([
          callback(1, null, { state: "dead", lastError: "410" }),
        ]);
        expect((await store.callbacks.inState("pending", 1)).map((one) => one.id)).toEqual([
          callback(2, null).id,
        ]);
      });

      it("keeps any text as it is, but for the character NUL, of which it keeps the symbol", async () => {
        const reason = "'; drop table holds; -- \u202E é🚀\n\t\u0001 %_\\";
        const hold = { ...pauseHold(1, "a"), reason: `${reason}\0` };
        await store.save({ holds: [{ change: "place", hold }], audit: [] });
        expect((await store.holds.find(hold.id))?.reason).toBe(`${reason}\u2400`);
      });

      it("keeps notes until they are deleted", async () => {
        await store.notes.set("teams:conversation", "one");
        await store.notes.set("teams:conversation", "two");
        expect(await store.notes.get("teams:conversation")).toBe("two");
        await store.notes.delete("teams:conversation");
        expect(await store.notes.get("teams:conversation")).toBeUndefined();
      });

      it("gives a note to one of those who take it at the same moment", async () => {
        await store.notes.set("link", "of Sarah");
        const taken = await Promise.all([1, 2, 3].map(() => store.notes.take("link")));
        expect(taken.filter((value) => value !== undefined)).toEqual(["of Sarah"]);
        expect(await store.notes.get("link")).toBeUndefined();
      });

      it("forgets the notes whose time is over, and no others", async () => {
        await store.notes.set("over", "a", NINE);
        await store.notes.set("not over", "b", NINE + 1);
        await store.notes.set("lasting", "c");
        await store.notes.set("lasting now", "d", NINE);
        await store.notes.set("lasting now", "d");
        expect(await store.notes.forget(NINE)).toBe(1);
        const left = ["over", "not over", "lasting", "lasting now"].map((name) => store.notes.get(name));
        expect(await Promise.all(left)).toEqual([undefined, "b", "c", "d"]);
      });

      it("forgets old tallies, and counts the others as before", async () => {
        const tally = { agent: "a", what: "action:send_email", subject: "contact:1", at: NINE };
        const all = [0, 0, 1, 2].map((later) => ({ ...tally, at: NINE + later }));
        await store.save({ tallies: all, audit: [] });
        expect(await store.tallies.forget(NINE + 1)).toBe(2);
        expect(await store.tallies.count("a" as AgentId, [{ ...tally, since: 0 }])).toEqual([2]);
      });

      it("counts tallies of an agent on a subject from an instant on", async () => {
        const tally = { agent: "a", what: "action:send_email", subject: "contact:1", at: NINE };
        await store.save({
          tallies: [tally, { ...tally, at: NINE + 5 }, { ...tally, subject: "contact:2" }],
          audit: [],
        });
        const ask = (since: number) => ({ what: tally.what, subject: tally.subject, since });
        expect(await store.tallies.count("a" as AgentId, [ask(NINE), ask(NINE + 1), ask(NINE + 6)])).toEqual([
          2, 1, 0,
        ]);
        expect(await store.tallies.count("b" as AgentId, [ask(NINE)])).toEqual([0]);
      });
    });

    describe("writes a step whole or not at all", () => {
      it("lets exactly one of fifty simultaneous decisions win", async () => {
        const { escalation, hold } = await raised(1);
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, by) => store.save(approved(escalation, hold, by))),
        );
        expect(answers.filter((one) => one === "saved")).toHaveLength(1);
        expect(answers.filter((one) => one === "conflict")).toHaveLength(49);
        const trail = await store.audit.ofEscalation(escalation.id);
        expect(trail.filter((one) => one.kind === "escalation.decided")).toHaveLength(1);
        expect(await store.holds.active()).toEqual([]);
        expect(await store.callbacks.of(escalation.id)).toHaveLength(3); // placed, decided, released
      });

      it("writes nothing of a step whose escalation has changed meanwhile", async () => {
        const { escalation, hold } = await raised(1);
        await store.save(approved(escalation, hold, 1));
        const everything = () =>
          Promise.all(
            [
              "escalations",
              "holds",
              "hold_versions",
              "jobs",
              "callbacks",
              "copies",
              "answers",
              "tallies",
              "audit",
              "keys",
            ].map((table) => behind.raw(`select * from ${table}`)),
          );
        const before = await everything();
        const late: Step = {
          ...approved(escalation, hold, 2),
          keys: [key(1, "a")],
          copies: [copy(1, escalation.id)],
          answer: answer(),
          tallies: [{ agent: "a", what: "b", subject: "c", at: NINE }],
          holds: [{ change: "place", hold: pauseHold(9, "all") }],
        };
        expect(await store.save(late)).toBe("conflict");
        expect(await everything()).toEqual(before);
      });

      it("refuses a second version of a charter that was made from the same first", async () => {
        await store.save(chartered(agent()));
        const answers = await Promise.all([1, 2].map(() => store.save(chartered(agent("trial-nurture", 2)))));
        expect(answers).toEqual(["saved", "conflict"]);
        expect(await store.save(chartered(agent(), 0))).toBe("conflict");
      });

      it("saves the good steps of a group and refuses only the bad one", async () => {
        await store.save({
          holds: [{ change: "place", hold: pauseHold(99, "a") }],
          audit: [line("hold.placed")],
        });
        const bad: Step = {
          jobs: [{ key: "publish:bad", kind: "publish", ref: "bad", at: NINE }],
          holds: [{ change: "place", hold: pauseHold(99, "a") }],
          audit: [line("hold.placed")],
        };
        const heard: Step[] = [];
        store.onCommit((step) => heard.push(step));
        const good = [1, 2, 3].map((number) => opened(number).step);
        const results = await Promise.allSettled(
          [good[0], bad, good[1], good[2]].map((step) => store.save(step as Step)),
        );
        expect(results.map((result) => result.status)).toEqual([
          "fulfilled",
          "rejected",
          "fulfilled",
          "fulfilled",
        ]);
        expect(await store.escalations.countOpen()).toBe(3);
        expect(heard).toEqual(good);
        expect((await store.jobs.claim(NINE * 2, 100, 1)).map((job) => job.ref)).not.toContain("bad");
        expect(await verifyAudit(store.audit)).toMatchObject({ ok: true });
      });

      it("tells its listeners after the commit and before the answer, and survives one that throws", async () => {
        const order: string[] = [];
        const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
        const rows: ReturnType<OpenedStore["raw"]>[] = [];
        store.onCommit(() => {
          order.push("told");
          rows.push(behind.raw("select 1 from escalations"));
          throw new Error("a listener of ours is broken");
        });
        store.onCommit((step) => order.push(`told ${step.escalation?.after.id}`));
        const { step } = opened(1);
        await store.save(step).then((answered) => order.push(answered));
        await store.save(step).then((answered) => order.push(answered));
        expect(order).toEqual(["told", `told ${numbered("esc", 1)}`, "saved", "conflict"]);
        expect((await Promise.all(rows)).map((found) => found.length)).toEqual([1]);
        expect(warned).toHaveBeenCalledOnce();
        warned.mockRestore();
      });

      it("keeps a second decision out of the database itself", async () => {
        const { escalation, hold } = await raised(1);
        await store.save(approved(escalation, hold, 1));
        const second = behind.raw(
          `insert into decisions (escalation, verdict, by_id, at, decision) values ('${escalation.id}', 'reject', 'x', 1, '{}')`,
        );
        await expect(second).rejects.toThrow(/unique/i);
      });

      it("refuses to write once it is closed", async () => {
        const other = await open();
        const last = other.store.save(opened(1).step);
        await other.close();
        await other.store.close();
        expect(await last).toBe("saved");
        await expect(other.store.save(opened(2).step)).rejects.toThrow(/closed/);
      });
    });

    describe("answers a key once", () => {
      it("keeps the first of twenty simultaneous answers", async () => {
        const answers = await Promise.all(
          Array.from({ length: 20 }, (_, number) =>
            store.save({ ...opened(number + 1).step, answer: answer({ body: `{"number":${number}}` }) }),
          ),
        );
        expect(answers).toEqual(["saved", ...Array.from({ length: 19 }, () => "conflict")]);
        expect(await store.escalations.countOpen()).toBe(1);
        expect(await store.answers.find(answer().scope, answer().key)).toEqual(
          answer({ body: '{"number":0}' }),
        );
        expect(await store.answers.find("another:scope", answer().key)).toBeUndefined();
      });

      it("forgets old answers, however many, and leaves the others", async () => {
        const saves = Array.from({ length: 1_203 }, (_, number) =>
          store.save({ answer: answer({ key: String(number), at: NINE + number }), audit: [] }),
        );
        await Promise.all(saves);
        expect(await store.answers.forget(NINE + 1_200)).toBe(1_200);
        expect(await store.answers.forget(NINE + 1_200)).toBe(0);
        expect(await store.answers.find(answer().scope, "1200")).toBeDefined();
      });
    });

    describe("keeps holds", () => {
      it("counts the changes of each agent's holds and the fleet's apart, and a confirmation is no change", async () => {
        const [a, all] = [pauseHold(1, "a"), pauseHold(2, "all")];
        const by = { id: "person-1", name: "Person 1" };
        await store.save({
          holds: [
            { change: "place", hold: a },
            { change: "place", hold: all },
          ],
          audit: [],
        });
        await store.save({ holds: [{ change: "confirm", hold: a, at: NINE }], audit: [] });
        expect(await store.holds.activeOf("a" as AgentId)).toEqual([{ ...a, confirmedAt: NINE }, all]);
        expect(await store.holds.activeOf("b" as AgentId)).toEqual([all]);
        await store.save({ holds: [{ change: "release", hold: a, by, at: NINE + 9 }], audit: [] });
        expect(await store.holds.active()).toEqual([all]);
        expect(await store.holds.find(a.id)).toEqual({
          ...a,
          confirmedAt: NINE,
          releasedAt: NINE + 9,
          releasedBy: by,
        });
        expect(await store.holds.versions()).toEqual(
          new Map([
            ["a", 2],
            ["all", 1],
          ]),
        );
      });

      it("lets a hold outlive its escalation when it is kept", async () => {
        const { escalation, hold } = await raised(1);
        await store.save(approved(escalation, hold, 2, { keepHeld: true }));
        expect(await store.holds.active()).toEqual([
          { ...hold, escalation: null, placedBy: { id: "person-2", name: "Person 2" } },
        ]);
      });

      it("leaves the credit with whoever released first, and does not bring back what is gone", async () => {
        const hold = pauseHold(1, "a");
        const [first, second] = [1, 2].map((number) => ({
          id: `person-${number}`,
          name: `Person ${number}`,
        }));
        await store.save({ holds: [{ change: "place", hold }], audit: [] });
        await store.save({ holds: [{ change: "release", hold, by: first as never, at: 1 }], audit: [] });
        expect(
          await store.save({ holds: [{ change: "release", hold, by: second as never, at: 2 }], audit: [] }),
        ).toBe("saved");
        expect(await store.holds.find(hold.id)).toMatchObject({ releasedAt: 1, releasedBy: first });
        expect(
          await store.save({ holds: [{ change: "confirm", hold, at: 3 }], audit: [line("hold.confirmed")] }),
        ).toBe("conflict");
        const keep = { change: "keep" as const, hold, by: second as never, reason: "no" };
        expect(await store.save({ holds: [keep], audit: [] })).toBe("conflict");
        expect(await store.audit.latest(1)).toEqual([]);
      });
    });

    absenceContract(() => behind);
    readingContract(() => behind);
    reviewsContract(() => behind);
    jobsContract(() => ({ store }), runs);
    queueContract(() => ({ store }));
    pacesContract(
      () => store.paces,
      async () => (await behind.raw("select key from paces")).map(({ key }) => key),
    );
  });
}
