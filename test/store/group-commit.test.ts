/** Group commit, on a transaction that remembers what happened to it. */
import { describe, expect, it, vi } from "vitest";
import { createGroupCommit } from "../../src/store/group-commit.ts";

/** Rows become durable on commit only; `faults` are thrown in turn by the operation they name. */
function fakeTransaction(faults: { begin?: number[]; commit?: number[] } = {}) {
  const log: string[] = [];
  const durable: string[] = [];
  const sizes: number[] = [];
  let pending: string[] = [];
  const turns = { begin: 0, commit: 0 };
  const enter = (operation: "begin" | "commit") => {
    log.push(operation);
    turns[operation] += 1;
    if (faults[operation]?.includes(turns[operation])) throw new Error(`${operation} failed`);
  };
  return {
    ...{ log, durable, sizes },
    insert: (row: string) => () => {
      if (row === "bad") throw new Error("bad row");
      pending.push(row);
      return row;
    },
    begin: () => enter("begin"),
    commit: () => {
      enter("commit");
      durable.push(...pending);
      sizes.push(pending.length);
      pending = [];
    },
    rollback: () => {
      log.push("rollback");
      pending = [];
    },
  };
}

describe("a group commit", () => {
  it("commits what one turn of the loop brings together, and waits for no more", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    await Promise.all(["a", "b", "c"].map((row) => group.add(transaction.insert(row))));
    await group.add(transaction.insert("d"));
    expect(transaction.log).toEqual(["begin", "commit", "begin", "commit"]);
    expect(transaction.durable).toEqual(["a", "b", "c", "d"]);
  });

  it("waits for the next turn as long as each brings more new work, and for no more than is enough", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const added: Promise<unknown>[] = [];
    const turn = (row: number) => {
      added.push(group.add(transaction.insert(String(row)), { newWork: true }));
      if (row < 40) setImmediate(turn, row + 1);
    };
    turn(1);
    await vi.waitFor(() => expect(added).toHaveLength(40));
    await Promise.all(added);
    expect(transaction.log).toEqual(["begin", "commit", "begin", "commit"]);
    expect(transaction.sizes).toEqual([32, 8]);
  });

  it("lets nobody else wait for new work that is still coming", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const added: Promise<unknown>[] = [];
    const turn = (row: number) => {
      added.push(group.add(transaction.insert(String(row)), { newWork: true }));
      if (row === 3) added.push(group.add(transaction.insert("a press")));
      if (row < 6) setImmediate(turn, row + 1);
    };
    turn(1);
    await vi.waitFor(() => expect(added).toHaveLength(7));
    await Promise.all(added);
    expect(transaction.durable.slice(0, 4)).toEqual(["a press", "1", "2", "3"]);
    expect(transaction.sizes).toEqual([4, 3]);
  });

  it("answers nobody before the commit", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const answers = ["a", "b"].map((row) =>
      group
        .add(transaction.insert(row), { committed: () => transaction.log.push(`told ${row}`) })
        .then((answer) => transaction.log.push(answer)),
    );
    await Promise.all(answers);
    expect(transaction.log).toEqual(["begin", "commit", "told a", "told b", "a", "b"]);
  });

  it("does a group again one by one when one of it is bad", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const told: string[] = [];
    const results = await Promise.allSettled(
      ["a", "bad", "c"].map((row) =>
        group.add(transaction.insert(row), { committed: (answer) => void told.push(answer) }),
      ),
    );
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect([transaction.durable, told]).toEqual([
      ["a", "c"],
      ["a", "c"],
    ]);
  });

  it("tries the entries alone when the commit of all fails, as on a disk that is nearly full", async () => {
    const transaction = fakeTransaction({ commit: [1, 3] });
    const group = createGroupCommit(transaction);
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((row) => group.add(transaction.insert(row))),
    );
    expect(results.map((result) => result.status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(transaction.durable).toEqual(["a", "c"]);
  });

  it("refuses the whole group after one wait when the database is locked", async () => {
    const transaction = fakeTransaction({ begin: [1, 2, 3, 4] });
    const group = createGroupCommit(transaction);
    const results = await Promise.allSettled(
      ["a", "b", "c"].map((row) => group.add(transaction.insert(row))),
    );
    expect(results.map((result) => result.status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(transaction.log).toEqual(["begin"]);
  });

  it("leaves the loop to others between long groups, and lets what people do go before new work that came first", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const work = Array.from({ length: 600 }, (_, at) =>
      group.add(transaction.insert(`new ${at}`), { newWork: true }),
    );
    await work[0];
    expect(transaction.log).toEqual(["begin", "commit"]);
    const before = transaction.durable.length;
    await group.add(transaction.insert("click"));
    expect([transaction.durable[before], group.pressure().waiting > 0]).toEqual(["click", true]);
    await Promise.all(work);
    expect(transaction.durable).toHaveLength(601);
    expect(group.pressure().waiting).toBe(0);
  });

  it("refuses everybody in line after one wait when the database is locked", async () => {
    const transaction = fakeTransaction({ begin: [1] });
    const group = createGroupCommit(transaction);
    const results = await Promise.allSettled(
      Array.from({ length: 600 }, (_, at) => group.add(transaction.insert(`row ${at}`))),
    );
    expect(new Set(results.map((result) => result.status))).toEqual(new Set(["rejected"]));
    expect(transaction.log).toEqual(["begin"]);
  });

  it("writes what waits when it closes, and takes no more", async () => {
    const transaction = fakeTransaction();
    const group = createGroupCommit(transaction);
    const last = group.add(transaction.insert("a"));
    group.close();
    expect(transaction.durable).toEqual(["a"]);
    expect(await last).toBe("a");
    await expect(group.add(transaction.insert("b"))).rejects.toThrow(/closed/);
  });
});
