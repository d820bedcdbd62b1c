/** Answers leave in a row at the end of the turn they are ready in, and at once after it. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { departures } from "../../src/http/departures.ts";

describe("a turn of the event loop", () => {
  it("keeps the answers that are ready in it, and sends them in their order when it ends", async () => {
    const nextDeparture = departures();
    const sent: string[] = [];
    const [first, second] = [nextDeparture(), nextDeparture()];
    second(() => sent.push("second"));
    await Promise.resolve();
    first(() => sent.push("first"));
    expect(sent).toEqual([]);

    await nextTurn();
    expect(sent).toEqual(["second", "first"]);
  });

  it("holds nothing up that is ready only after it", async () => {
    const nextDeparture = departures();
    const sent: string[] = [];
    const before = nextDeparture();
    await nextTurn();
    const after = nextDeparture();
    after(() => sent.push("of this turn"));
    before(() => sent.push("of the turn before"));
    expect(sent).toEqual(["of the turn before"]);

    await nextTurn();
    expect(sent).toEqual(["of the turn before", "of this turn"]);
  });
});
