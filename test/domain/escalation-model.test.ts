/** Any history at all: random people do random things at random times, and what must always hold, holds. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CharterInput } from "../../src/domain/charter/charter.ts";
import { TRIGGERS } from "../../src/domain/charter/trigger.ts";
import { DAY, HOUR } from "../../src/domain/time/time.ts";
import { doing, opens } from "./escalation-doings.ts";
import { newWorld, type World } from "./escalation-world.ts";
import { agent, charter } from "./scene.ts";

const CHARTERS: Record<string, Partial<CharterInput["ownership"]>> = {
  usual: {},
  "for two approvers": { approvals: 2 },
  expiring: {
    on_silence: "expire",
    deputies: [],
    respond_within: { medium: "1h", high: "1h", critical: "1h" },
  },
  "without anybody": { owner: "ghost", deputies: [], approvers: [], escalate_to: [] },
};

type Command = fc.Command<object, World>;
const command = (words: string, run: (world: World) => void): Command => ({
  check: () => true,
  run: (_, world) => run(world),
  toString: () => words,
});

const commands: fc.Arbitrary<Command>[] = [
  fc
    .record({
      trigger: fc.constantFrom(...TRIGGERS),
      severity: fc.constantFrom(undefined, "high"),
      requested_by: fc.constantFrom(undefined, "nina", "sarah"),
    })
    .map((more) => command(`open ${more.trigger}`, (world) => opens(world, more))),
  // Clocks are also set back: a timer that comes early does nothing.
  fc.integer({ min: -HOUR, max: 2 * DAY }).map((ms) =>
    command(`${ms} ms pass`, (world) => {
      world.now += ms;
    }),
  ),
  fc.tuple(doing, fc.nat()).map(([[words, act], at]) =>
    command(words, (world) => {
      const all = [...world.escalations.values()];
      const hit = all[at % Math.max(1, all.length)];
      if (hit) act(world, hit);
    }),
  ),
];

describe.each(Object.entries(CHARTERS))("under a charter that is %s", (name, ownership) => {
  it("no history breaks a rule", () => {
    const ends = { decided: 0, expired: 0, withdrawn: 0, open: 0 };
    const under = agent(charter({ ownership }), { callbackUrl: "https://agent.example/hook" });
    fc.assert(
      fc.property(fc.commands(weighted(commands), { maxCommands: 60, size: "max" }), (history) => {
        const world = newWorld(under);
        opens(world, {});
        fc.modelRun(() => ({ model: {}, real: world }), history);
        for (const { status, decision, reassigned } of world.escalations.values()) {
          // Once a person has asked somebody by name, there is somebody, whatever the charter says.
          const named = decision !== null && reassigned.length > 0;
          if (!named) ends[status] += 1;
        }
      }),
      { numRuns: 500 },
    );
    // The histories go where the rules are: every end that this charter has was reached.
    expect(ends.withdrawn).toBeGreaterThan(0);
    expect(ends.decided > 0).toBe(name !== "without anybody");
    expect(ends.expired > 0).toBe(name === "expiring");
  });
});

/** Most of a history is doing something to what is open already. */
function weighted([opening, passing, acting]: fc.Arbitrary<Command>[]): fc.Arbitrary<Command>[] {
  return [opening, passing, passing, acting, acting, acting, acting, acting].filter(
    (one) => one !== undefined,
  );
}
