/** Digests in the console: the list, one whole, who may sign it, and what an agent's page says of that. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { applyButtonFor } from "../../src/cards/digest/digest-calibration.ts";
import type { AgentId, DigestId } from "../../src/domain/ids.ts";
import { DIGEST_KINDS, type Digest } from "../../src/domain/review/digest.ts";
import { DAY } from "../../src/domain/time/time.ts";
import {
  busyReport,
  exampleDigest,
  exampleInspection,
  quietReport,
} from "../support/gallery/digest-scene.ts";
import { digestOf } from "../support/gallery/gallery-digests.ts";
import { HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import { formWith, type House, JAMES, openHouse, SARAH, signedIn, unescaped, WILL } from "./console-house.ts";

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

/** Keeps a digest as the schedule would, under an id that sorts by its number. */
async function keep(digest: Digest, number = 1): Promise<Digest> {
  const id = `digest_01K8ZQ4T9V6E3M2N7P5R8S${String(number).padStart(4, "0")}` as DigestId;
  const kept = { ...digest, id, schedule: `${digest.schedule}:${number}` };
  expect(await house.store.save({ digest: kept, audit: [] })).toBe("saved");
  return kept;
}

const weekly = (over: Partial<Digest> = {}) =>
  exampleDigest(house.now(), "weekly", [busyReport(house.now(), "weekly", { charterVersion: 1 })], over);

describe("the list of digests", () => {
  it("says when there is none how to get one", async () => {
    const { body } = await (await signedIn(house, WILL)).get("/digests");
    expect(body).toContain("There is no digest yet.");
    expect(body).toContain('<a href="/digests" aria-current="page">');
  });

  it("shows the newest first, of one kind where one is asked for, page by page", async () => {
    for (let number = 1; number <= 32; number++)
      await keep(exampleDigest(house.now(), number % 8 === 0 ? "monthly" : "daily", [quietReport()]), number);
    const will = await signedIn(house, WILL);
    const links = (body: string) =>
      [...body.matchAll(/class="row" href="\/digests\/([^"]+)"/g)].map(([, id]) => id);
    const { body } = await will.get("/digests");
    expect(links(body)).toHaveLength(30);
    expect(links(body)[0]).toBe("digest_01K8ZQ4T9V6E3M2N7P5R8S0032");
    const [, older = ""] = /href="(\/digests\?cursor=[^"]+)"/.exec(unescaped(body)) ?? [];
    expect(links((await will.get(older)).body)).toEqual([
      "digest_01K8ZQ4T9V6E3M2N7P5R8S0002",
      "digest_01K8ZQ4T9V6E3M2N7P5R8S0001",
    ]);
    expect(links((await will.get("/digests?kind=monthly")).body)).toHaveLength(4);
  });

  it("says what is not signed yet, what is, and what was not sent", async () => {
    const one = await keep(weekly(), 1);
    const [report] = one.agents;
    if (!report) throw new Error("no report");
    await keep(weekly(), 2);
    await keep(weekly({ skipped: "Holdpoint was not running for two days." }), 3);
    await house.store.save({ inspection: exampleInspection(one, report), audit: [] });
    const { body } = await (await signedIn(house, WILL)).get("/digests");
    expect(body.match(/>Not signed yet</g)).toHaveLength(2);
    expect(body.match(/>Signed</g)).toHaveLength(1);
    expect(body).toContain("Not sent: Holdpoint was not running for two days.");
  });
});

describe("one digest", () => {
  it.each(DIGEST_KINDS)("is shown whole: %s", async (kind) => {
    const { id } = await keep(digestOf(house.now(), kind, "several agents"));
    const { status, body } = await (await signedIn(house, WILL)).get(`/digests/${id}`);
    const words = unescaped(body);
    expect(status).toBe(200);
    for (const name of ["Trial nurture", "Content distribution", "Renewal assistant"])
      expect(words).toContain(name);
    expect(words).toContain("Answer a GDPR and HIPAA question from Northwind Health");
    expect(words).toContain("£6,720 of £8,000");
    expect(words).toContain("Requests by reason");
    expect(words).toContain("<caption>Requests by reason</caption>");
    expect(words).not.toContain("for you");
    if (kind !== "daily") expect(words).toContain("11 of 12 at 0.60–0.70");
    expect(body).not.toContain("style=");
  });

  it("is not there under another id", async () => {
    expect((await (await signedIn(house, WILL)).get("/digests/digest_0")).status).toBe(404);
  });

  it("is signed by the agent's owner, in a form, and by nobody else", async () => {
    const { id } = await keep(weekly());
    const { body } = await (await signedIn(house, SARAH)).get(`/digests/${id}`);
    expect(formWith(body, "Apply 0.62").action).toBe("/press");
    expect(unescaped(body)).toContain(
      "It will ask a person when its confidence is below 0.62 instead of 0.70",
    );
    const others = (await (await signedIn(house, JAMES)).get(`/digests/${id}`)).body;
    expect(() => formWith(others, "Apply 0.62")).toThrow();
    expect(unescaped(others)).toContain("Only Sarah Chen, who owns this agent, can sign it.");
  });

  it("is signed with a note, once, and the page says so", async () => {
    const { id } = await keep(weekly());
    const sarah = await signedIn(house, SARAH);
    const signed = await sarah.use(`/digests/${id}`, "Sign", { "f.note": "Looked at with James." });
    expect(signed.at).toBe(`/digests/${id}`);
    expect(unescaped(signed.body)).toContain("Looked at with James.");
    expect(await house.store.inspections.of(id)).toMatchObject([
      { by: { id: "sarah" }, kind: "weekly", agent: "trial-nurture", note: "Looked at with James." },
    ]);
    await expect(sarah.use(`/digests/${id}`, "Sign")).rejects.toThrow("no form");
  });

  it("puts the threshold it suggests in force", async () => {
    const { id } = await keep(weekly());
    const sarah = await signedIn(house, SARAH);
    await sarah.use(`/digests/${id}`, "Apply 0.62");
    const agent = await house.store.agents.find("trial-nurture" as AgentId);
    expect(agent?.charter.triggers.low_confidence?.below).toBe(0.62);
    // The charter is another one now: what the numbers said of the one before is not offered for it.
    const { body } = await sarah.get(`/digests/${id}`);
    expect(() => formWith(body, "Apply 0.62")).toThrow();
    expect(formWith(body, "Sign").action).toBe("/submit");
  });

  it("offers what it suggests as the same gesture as on a card", async () => {
    const digest = await keep(weekly());
    const [report] = digest.agents;
    const { body } = await (await signedIn(house, SARAH)).get(`/digests/${digest.id}`);
    const button = report && applyButtonFor(digest, report);
    expect(formWith(body, "Apply 0.62").hidden.token).toBe(button && house.deps.token(button.intent));
  });

  it("shows who signed, when and with which words, and no button any more", async () => {
    const digest = await keep(weekly());
    const [report] = digest.agents;
    if (!report) throw new Error("no report");
    const note = "Seen with <b>Priya</b>.";
    await house.store.save({ inspection: exampleInspection(digest, report, { note }), audit: [] });
    const { body } = await (await signedIn(house, SARAH)).get(`/digests/${digest.id}`);
    expect(unescaped(body)).toContain("Signed by Sarah Chen");
    expect(unescaped(body)).toContain(note);
    expect(body).not.toContain("<b>Priya");
    expect(body).not.toContain(">Sign</");
  });

  it.each(Object.keys(HOSTILE_TEXTS))("shows as text whatever its words are: %s", async (name) => {
    const plain = await keep(digestOf(house.now(), "quarterly", "text: vietnamese"), 1);
    const { id } = await keep(digestOf(house.now(), "quarterly", `text: ${name}`), 2);
    const will = await signedIn(house, WILL);
    const tags = async (path: string) =>
      ((await will.get(path)).body.match(/<[a-z][^\s>]*/g) ?? []).filter((tag) => tag !== "<input");
    expect(await tags(`/digests/${id}`)).toEqual(await tags(`/digests/${plain.id}`));
  });
});

describe("an agent's page", () => {
  it("says which digests nobody has signed, and who signed what", async () => {
    const first = await keep(weekly(), 1);
    const [report] = first.agents;
    if (!report) throw new Error("no report");
    await house.store.save({ inspection: exampleInspection(first, report, { note: "Fine." }), audit: [] });
    house.move(7 * DAY);
    const second = await keep(weekly(), 2);
    const { body } = await (await signedIn(house, WILL)).get("/agents/trial-nurture");
    const [, section = ""] = /<h2 id="inspections">([\s\S]*?)<\/section>/.exec(body) ?? [];
    expect(section.indexOf(`/digests/${second.id}`)).toBeLessThan(section.indexOf(`/digests/${first.id}`));
    expect(section.match(/Not signed</g)).toHaveLength(1);
    expect(section).toContain("by Sarah Chen");
    expect(section).toContain("Fine.");
  });
});
