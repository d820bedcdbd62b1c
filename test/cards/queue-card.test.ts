/** The card of many requests: what it says first, what may be approved from a line of it, and what it says in the end. */
import { describe, expect, it } from "vitest";
import { becameWords, decideAllForm, listable, readDecideAll } from "../../src/cards/decide-all-form.ts";
import { onQueue } from "../../src/cards/intent.ts";
import { requestsCard, wholeAction } from "../../src/cards/queue-card.ts";
import type { Escalation } from "../../src/domain/escalation/escalation.ts";
import type { CopyId } from "../../src/domain/ids.ts";
import { MINUTE } from "../../src/domain/time/time.ts";
import { exampleRow } from "../support/gallery/gallery-queues.ts";
import { decidedBy, exampleAgent, JAMES, PEOPLE, SARAH } from "../support/gallery/gallery-scene.ts";
import { buttonsOf, textOf } from "./reading.ts";

const NOW = Date.UTC(2026, 10, 20, 14, 0);
const QUEUE = "copy_1" as CopyId;
const agents = [exampleAgent(NOW)];
const discount = (args: Readonly<Record<string, unknown>> = { percent: 20 }, name = "discount") => ({
  action: { name, args },
});
const row = (number: number, over: Partial<Escalation> = {}, request = discount()) =>
  exampleRow(NOW, number, over, request);
const many = (count: number) => Array.from({ length: count }, (_, at) => row(at));
const cardOf = (requests: readonly Escalation[], from = 0) =>
  requestsCard({
    ...{ queue: QUEUE, requests, from, agents, people: PEOPLE, now: NOW },
    consoleUrl: "https://holdpoint.example.com",
  });
const labels = (requests: readonly Escalation[]) => buttonsOf(cardOf(requests)).map(({ label }) => label);

describe("the card of many requests", () => {
  it("lists what is due first before the rest, whatever order they come in", () => {
    const requests = [row(3), row(1, { severity: "high" }), row(2)];
    const shown = buttonsOf(cardOf(requests)).filter(({ intent }) => intent.verb === "show");
    expect(shown.map(({ intent }) => intent.on)).toEqual([requests[1]?.id, requests[2]?.id, requests[0]?.id]);
  });

  it("says once what all of them ask, and of each where they differ", () => {
    expect(cardOf(many(3)).blocks[0]).toMatchObject({ text: "3 × Trial nurture asks: approve discount?" });
    const mixed = [...many(2), row(9, {}, discount({}, "send_email"))];
    expect(cardOf(mixed).blocks[0]).toMatchObject({ text: "3 requests wait for a decision" });
    expect(textOf(cardOf(mixed))).toContain("Trial nurture asks: approve send_email?");
  });

  it("lets nobody miss one: what it lists and what it counts are all that is open", () => {
    for (const count of [2, 7, 12, 13, 60]) {
      const listed = labels(many(count)).filter((label) => label === "Open").length;
      const rest = /(\d+) more requests? waits? below/.exec(textOf(cardOf(many(count))))?.[1] ?? "0";
      expect(listed + Number(rest)).toBe(count);
      expect(listed).toBeGreaterThan(0);
      const next = buttonsOf(cardOf(many(count))).find(({ label }) => label === "Show the next");
      expect(next?.intent.revision ?? count).toBe(listed);
    }
  });

  it("approves from a line only what stands there whole, and nothing grave", () => {
    expect(labels([row(1), row(2)])).toEqual(["Open", "Approve", "Open", "Approve", "Decide all 2"]);
    for (const held of [
      row(1, {}, discount({ body: "x".repeat(300) })),
      row(1, { severity: "high" }),
      row(1, { allow: ["reject"] }),
      row(1, { proposal: { args: { percent: 1 }, digest: "sha256:1", by: JAMES } }),
      row(1, {}, { action: undefined } as never),
    ])
      expect(labels([held])).toEqual(["Open"]);
  });

  it("is settled in one line, by whom and how often, with nothing to press", () => {
    const requests = [
      ...many(3).map((one) => ({ ...one, ...decidedBy(SARAH, NOW) })),
      { ...row(4), ...decidedBy(JAMES, NOW, { verdict: "reject" as const }) },
      row(5, { status: "expired", settledAt: NOW }),
    ];
    const card = cardOf(requests);
    expect(textOf(card)).toContain("3 approved by Sarah Chen, 1 rejected by James Liu, 1 expired.");
    expect(card.blocks.some(({ kind }) => kind === "buttons")).toBe(false);
  });

  it("keeps settled ones in sight while others are open", () => {
    const text = textOf(cardOf([row(1), { ...row(2), ...decidedBy(SARAH, NOW) }]));
    expect(text).toContain("Approved: Trial nurture, discount by Sarah Chen");
    expect(text).toContain("1 of 2 settled");
  });
});

describe("an action on one line", () => {
  const line = (args: Readonly<Record<string, unknown>>, name?: string) =>
    wholeAction(row(1, {}, discount(args, name)));

  it("is all that would run, with texts in quotation marks", () => {
    expect(line({ percent: 20, to: "dana", tags: ["a"], none: null })).toBe(
      'discount · percent: 20 · to: "dana" · tags: ["a"] · none: null',
    );
    expect(line({})).toBe("discount");
  });

  it("lets no argument pass for another, and hides nothing", () => {
    expect(line({ note: "x · percent: 1" })).toBe('discount · note: "x · percent: 1"');
    expect(line({ "percent: 1 · note": 5 })).toContain("“percent: 1 · note”: 5");
    expect(line({ note: "a\u202Eb" })).toContain("\\u{202E}");
    expect(line({}, "discount · percent: 1")).toBeNull();
    expect(line({ note: "x".repeat(200) })).toBeNull();
    expect(line({ ["n".repeat(61)]: 1 })).toBeNull();
  });
});

describe("the form that decides all", () => {
  const form = (listed: readonly Escalation[], more = 0) =>
    decideAllForm(onQueue("decide_all", QUEUE), { listed, more, agents, verdicts: ["approve", "reject"] });

  it("lists every one of them with what would run, and binds each as it is listed", () => {
    const { intro, intent } = form(many(3), 2);
    const text = textOf({ summary: "", tone: "quiet", blocks: [{ kind: "text", text: intro }] });
    expect(text).toMatch(/1\. [\s\S]*2\. [\s\S]*3\. .*percent: 20/);
    expect(text).toContain("2 more requests are not in this list and stay open.");
    expect(intent.listed?.map(({ on }) => on)).toEqual(many(3).map(({ id }) => id));
    for (const { mark } of intent.listed ?? []) expect(mark).toMatch(/^[0-9a-f]{16}$/);
    const changed = form([
      row(1, { proposal: { args: {}, digest: "sha256:ffffffffffffffffff", by: SARAH } }),
    ]);
    expect(changed.intent.listed?.[0]?.mark).toBe("f".repeat(16));
  });

  it("lists twenty at most, and fewer where they say much", () => {
    expect(listable(many(60), agents)).toHaveLength(20);
    const long = many(20).map((one) => ({ ...one, request: { ...one.request, summary: "x".repeat(300) } }));
    const wordy = long.map((one) => ({
      ...one,
      request: { ...one.request, ...discount({ a: "y".repeat(180) }) },
    }));
    expect(listable(wordy, agents).length).toBeLessThan(20);
    expect(listable(wordy, agents).length).toBeGreaterThan(5);
  });

  it("wants a decision, a tick, and words where the agents need them", () => {
    expect(readDecideAll({})).toMatchObject({
      problems: { verdict: expect.any(String), sure: expect.any(String) },
    });
    expect(readDecideAll({ verdict: "edit", sure: true })).toMatchObject({ ok: false });
    expect(readDecideAll({ verdict: "approve", sure: "yes" })).toMatchObject({ ok: false });
    expect(readDecideAll({ verdict: "reject", sure: true, words: " " })).toMatchObject({ ok: false });
    expect(readDecideAll({ verdict: "respond", sure: true })).toMatchObject({ ok: false });
    expect(readDecideAll({ verdict: "approve", sure: true })).toEqual({
      ok: true,
      verdict: "approve",
      words: "",
    });
    expect(readDecideAll({ verdict: "reject", sure: true, words: "No." })).toMatchObject({ words: "No." });
  });

  it("tells what became of each of them", () => {
    const decided = { kind: "decided" } as const;
    expect(becameWords("approve", [decided])).toBe("You approved 1 request.");
    expect(
      becameWords("approve", [
        ...[decided, decided, { kind: "counted" } as const],
        ...[{ kind: "settled", by: "Sarah Chen" } as const, { kind: "settled", by: "Sarah Chen" } as const],
        ...[{ kind: "settled", by: null } as const, { kind: "changed" } as const],
        { kind: "refused", why: "This is not yours to decide." },
      ]),
    ).toBe(
      "You approved 2 requests. Your approval counts for 1 that somebody else must approve too. " +
        "2 were decided already by Sarah Chen. 1 was withdrawn or expired meanwhile. " +
        "1 has changed since the list was made: decide it apart. " +
        "1 could not be decided: This is not yours to decide.",
    );
  });
});

it("a card whose first request is late says so", () => {
  expect(textOf(cardOf([row(1, { dueAt: NOW - MINUTE }), row(2)]))).toContain("the first was due");
});
