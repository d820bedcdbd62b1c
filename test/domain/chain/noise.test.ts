/** How often somebody hears of one request on which nobody acts: so much, and never more. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advance, nextWake } from "../../../src/domain/chain/advance.ts";
import { REMINDERS, ROUNDS_POSTED } from "../../../src/domain/chain/chain.ts";
import type { CharterInput } from "../../../src/domain/charter/charter.ts";
import { type Copy, newCopy } from "../../../src/domain/delivery/copy.ts";
import { copyKey, staysAsItIs, wantedCopies } from "../../../src/domain/delivery/reach.ts";
import { acknowledge } from "../../../src/domain/escalation/attend.ts";
import type { Escalation } from "../../../src/domain/escalation/escalation.ts";
import type { CopyId } from "../../../src/domain/ids.ts";
import { actor, agent, allowed, changed, charter, here, NOW, newId, open, people } from "../scene.ts";

const PLATFORMS = ["slack", "chat"];
type Ownership = Partial<CharterInput["ownership"]>;

/** What is posted while nobody decides, wake by wake; `acknowledges` says at which of them somebody is on it. */
function history(ownership: Ownership, wakes: number, acknowledges: (wake: number) => boolean = () => false) {
  let now = NOW;
  let one: Escalation = open({ trigger: "budget" }, { agent: agent(charter({ ownership })) }).escalation;
  const posted: string[] = [];
  const post = () => {
    const there = new Set(posted);
    posted.push(
      ...wantedCopies(one, [], people, PLATFORMS)
        .map(copyKey)
        .filter((key) => !there.has(key)),
    );
  };
  post();
  for (let wake = 0; wake < wakes; wake++) {
    if (acknowledges(wake)) one = changed(allowed(acknowledge(one, actor("sarah"), now)));
    now = nextWake(one);
    one = changed(advance(one, { cover: here, agent: agent(), card: "shown", newId, now }));
    post();
  }
  return { posted, one };
}

describe("a request on which nobody acts", () => {
  const ids = fc.uniqueArray(fc.constantFrom("james", "nina", "cmo", "milo"), { maxLength: 4 });

  it("is heard of once for each stage, twice as a reminder, and in two rounds more, however long it waits", () => {
    fc.assert(
      fc.property(
        ids,
        fc.nat(3),
        fc.boolean(),
        fc.nat(80),
        fc.func(fc.boolean()),
        (all, at, fallback, wakes, on) => {
          const ownership = {
            deputies: all.slice(0, at),
            escalate_to: all.slice(at),
            fallback: fallback ? "chat:F" : undefined,
          };
          const { posted, one } = history(ownership, wakes, (wake) => on(wake));
          const stages = one.chain.stages.length;
          // A stage may ask several people, each at their own address: what is bounded is what one of them hears.
          const most = stages * (1 + REMINDERS.length) + ROUNDS_POSTED;
          const parts = new Set(posted.map((key) => key.replace(/ .*/, "")));
          parts.delete("card");
          expect(parts.size + stages).toBeLessThanOrEqual(most);
          for (const heard of Map.groupBy(posted, (key) => key.replace(/.* /, "")).values())
            expect(heard.length).toBeLessThanOrEqual(1 + REMINDERS.length + ROUNDS_POSTED);
        },
      ),
      { numRuns: 300 },
    );
  });

  it("reaches that bound and stays there: one address for each of four stages", () => {
    expect(history({}, 12).posted).toHaveLength(13);
    expect(history({}, 13).posted).toHaveLength(4 * 3 + 2);
    expect(history({}, 500).posted).toHaveLength(4 * 3 + 2);
  });

  it("is never forgotten: each later round is told on the message of the last one that was posted", () => {
    const { one, posted } = history({}, 20);
    expect(one.rounds).toBe(9);
    const copies = posted.map((key): Copy => {
      const [part = "card", address = ""] = key.split(" ");
      const [platform = "", , id = ""] = address.split(":");
      const about = { id: key as CopyId, part: part as Copy["part"], createdAt: NOW };
      return newCopy({
        ...about,
        address: { platform, kind: "channel", id },
        ref: { ts: "1" },
        state: "shown",
      });
    });
    const redrawn = copies.filter((copy) => !staysAsItIs(copy, one)).map(({ part }) => part);
    expect(redrawn).toEqual(["card", "card", "card", "card", "nudge.3.2.0"]);
    // Once there is nothing to do any more, every message says so.
    expect(copies.some((copy) => staysAsItIs(copy, { ...one, status: "decided" }))).toBe(false);
  });
});
