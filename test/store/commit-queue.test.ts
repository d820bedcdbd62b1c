/** The line in front of the disk, on a clock one moves: who goes first, and how long a wait is foretold. */
import { beforeEach, describe, expect, it } from "vitest";
import { type CommitQueue, createCommitQueue } from "../../src/store/commit-queue.ts";

let now: number;
let queue: CommitQueue<string>;
beforeEach(() => {
  now = 0;
  queue = createCommitQueue(3, () => now);
});

function put(...names: readonly string[]): void {
  for (const name of names) queue.add(name, name.startsWith("new"));
}

/** One group, whatever is in it, that takes so long. */
function commit(ms: number): readonly string[] {
  const group = queue.next();
  now += ms;
  queue.done();
  return group;
}

const foretold = () => Math.round(queue.pressure().expectedMs);

describe("the line for a commit", () => {
  it("lets everything go before new work, and new work in the order of its coming", () => {
    put("new 1", "new 2", "click 1", "new 3", "click 2");
    expect(commit(1)).toEqual(["click 1", "click 2", "new 1"]);
    put("click 3");
    expect(commit(1)).toEqual(["click 3", "new 2", "new 3"]);
    expect(queue.isEmpty()).toBe(true);
  });

  it("foretells no wait on a disk of which nothing is known", () => {
    expect(queue.pressure()).toEqual({ waiting: 0, expectedMs: 0 });
    put("new 1");
    expect(queue.pressure()).toEqual({ waiting: 1, expectedMs: 0 });
  });

  it("foretells a group's time for whoever finds room in the next, and one more for every group before", () => {
    for (let turn = 0; turn < 20; turn++) {
      put("a");
      commit(100);
    }
    expect(foretold()).toBe(100);
    put("a", "b");
    expect([queue.pressure().waiting, foretold()]).toEqual([2, 100]);
    put("c");
    expect(foretold()).toBe(200);
    put("d", "e", "f", "g");
    expect(foretold()).toBe(300);
  });

  it("counts what is left of the group under way, and as much again once it takes longer than ever", () => {
    for (let turn = 0; turn < 20; turn++) {
      put("a");
      commit(100);
    }
    put("a");
    queue.next();
    now += 40;
    expect(foretold()).toBe(60 + 100);
    now += 2_960;
    expect(foretold()).toBe(3_000 + 100);
    queue.done();
    expect(foretold()).toBe((100 + 3_000) / 2);
  });

  it("takes one slow commit for half, and forgets it by the quick ones after it", () => {
    put("a");
    commit(1_600);
    expect(foretold()).toBe(800);
    for (let turn = 0; turn < 4; turn++) {
      put("a");
      commit(1);
    }
    expect(foretold()).toBeLessThan(60);
  });

  it("forgets by and by when nobody commits, so that a disk which is well again is tried again", () => {
    put("a");
    commit(8_000);
    const told = [0, 2_000, 2_000, 2_000].map((ms) => {
      now += ms;
      return foretold();
    });
    expect(told).toEqual([4_000, 2_000, 1_000, 500]);
  });
});
