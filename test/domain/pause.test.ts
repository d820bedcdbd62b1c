/** Pausing, resuming and the lapse of a pause; and how scopes are written. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { concerns, parseScope, type Scope, scopeWord } from "../../src/domain/hold.ts";
import type { AgentId, HoldId } from "../../src/domain/ids.ts";
import { lapse, pause, resume } from "../../src/domain/pause.ts";
import { agent, NOW, newId, sha256 } from "./scene.ts";

const sarah = { id: "sarah", name: "Sarah" };
const by = { by: sarah, actor: { kind: "person", ...sarah } } as const;
const reachable = agent(undefined, { callbackUrl: "https://agent.example/hook" });

const FLEET_OF_THREE = [
  reachable,
  agent(undefined, { id: "lead-scoring" as AgentId, callbackUrl: "https://other.example/hook" }),
  agent(undefined, { id: "polls-only" as AgentId, callbackUrl: null }),
];

function paused(until: number | null = null, on: typeof reachable | null = reachable) {
  const scope: Scope = { kind: on ? "agent" : "fleet" };
  return pause({
    id: "hold_9" as HoldId,
    agent: on?.id ?? null,
    agents: on ? [on] : FLEET_OF_THREE,
    scope,
    ...by,
    reason: "odd answers",
    until,
    now: NOW,
    newId,
  });
}

describe("a pause", () => {
  it("is a hold in a person's name that no escalation releases", () => {
    const { hold, step } = paused();
    expect(hold).toMatchObject({
      agent: "trial-nurture",
      placedBy: sarah,
      reason: "odd answers",
      escalation: null,
      until: null,
    });
    expect(step.holds).toEqual([{ change: "place", hold }]);
    expect(step.audit.map(({ kind, actor }) => [kind, actor.id])).toEqual([["hold.placed", "sarah"]]);
    expect(step.callbacks?.map(({ type }) => type)).toEqual(["hold.placed"]);
    expect(step.jobs?.map(({ kind }) => kind)).toEqual(["callback"]);
  });

  it("of the fleet concerns every agent", () => {
    const { hold, step } = paused(null, null);
    expect(hold.agent).toBe("all");
    // Each at its own address; who has none asks before it acts.
    expect(step.callbacks?.map(({ agent }) => agent)).toEqual(["trial-nurture", "lead-scoring"]);
    expect(concerns(hold, "whoever" as AgentId)).toBe(true);
    expect(concerns(paused().hold, "whoever" as AgentId)).toBe(false);
  });

  it("with an end lapses then, not before, in the name of whoever set the end", () => {
    const { hold, step } = paused(NOW + 100);
    expect(step.jobs?.find(({ kind }) => kind === "lapse")).toMatchObject({ ref: "hold_9", at: NOW + 100 });
    expect(lapse(hold, { agents: [reachable], now: NOW + 99, newId })).toBeUndefined();
    const lapsed = lapse(hold, { agents: [reachable], now: NOW + 100, newId });
    expect(lapsed?.holds).toEqual([{ change: "release", hold, by: sarah, at: NOW + 100 }]);
    expect(lapsed?.audit[0]?.actor).toEqual({
      kind: "system",
      id: "holdpoint",
      name: "Sarah, who set the end when pausing",
    });
  });

  it("without an end never lapses, and one that is gone lapses no more", () => {
    const facts = { agents: [reachable], now: NOW * 2, newId };
    expect(lapse(paused().hold, facts)).toBeUndefined();
    expect(lapse({ ...paused(NOW + 1).hold, releasedAt: NOW }, facts)).toBeUndefined();
  });
});

it("resumes every hold it is given, with a line and a callback for each", () => {
  const holds = [paused().hold, { ...paused().hold, id: "hold_10" as HoldId }];
  const step = resume(holds, { agents: [reachable], ...by, now: NOW + 5, newId });
  expect(step.holds?.map((change) => [change.change, change.hold.id])).toEqual([
    ["release", "hold_9"],
    ["release", "hold_10"],
  ]);
  expect(step.audit.map(({ kind, detail }) => [kind, detail?.hold])).toEqual([
    ["hold.released", "hold_9"],
    ["hold.released", "hold_10"],
  ]);
  expect(new Set(step.callbacks?.map(({ id }) => id)).size).toBe(2);
});

describe("a scope", () => {
  it("is written in a word and read back from it", () => {
    const name = fc.string({ minLength: 1 });
    const scope: fc.Arbitrary<Scope> = fc.oneof(
      fc.constantFrom<Scope>({ kind: "agent" }, { kind: "fleet" }),
      name.map((subject): Scope => ({ kind: "subject", subject })),
      name.map((capability): Scope => ({ kind: "capability", capability })),
      name.map((text): Scope => ({ kind: "action", digest: `sha256:${sha256(text)}` })),
    );
    fc.assert(
      fc.property(scope, (one) => {
        expect(parseScope(scopeWord(one))).toEqual(one);
      }),
    );
  });

  it.each([
    "",
    "agents",
    "all",
    "subject",
    "subjects",
    "subject:",
    "capability",
    "capabilityx",
    ":x",
    "action:1",
    "person:sarah",
  ])("is not %j", (word) => expect(parseScope(word)).toBeUndefined());
});
