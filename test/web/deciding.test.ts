/** Deciding on the console: every press goes through the one door and is answered in words. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentId, EscalationId } from "../../src/domain/ids.ts";
import { HOUR } from "../../src/domain/time/time.ts";
import {
  flashOf,
  formWith,
  type House,
  JAMES,
  openHouse,
  SARAH,
  signedIn,
  unescaped,
  WILL,
} from "./console-house.ts";
import { SENDING } from "./scene.ts";

let house: House;
let id: EscalationId;
let page: string;
beforeEach(async () => {
  house = await openHouse();
  id = await house.raise();
  page = `/escalations/${id}`;
});
afterEach(() => house.close());

const decision = async () => (await house.store.escalations.find(id))?.decision;

describe("a person on the console", () => {
  it("approves with one button, and the decision is recorded as theirs", async () => {
    const sarah = await signedIn(house, SARAH);
    const answer = await sarah.use(page, "Approve");
    expect(answer.at).toBe(page);
    expect(flashOf(answer.body)).toBe("You approved this. The agent is told now.");
    expect(await decision()).toMatchObject({
      verdict: "approve",
      by: { id: "sarah", name: "Sarah Chen" },
      surface: "console",
      account: "console:sarah",
    });
    expect(answer.body).not.toContain(">Approve</button>");
  });

  it("is told once what a press came to, and not again on the next page", async () => {
    const sarah = await signedIn(house, SARAH);
    expect(flashOf((await sarah.use(page, "I'm on it")).body)).toContain("You are on it");
    expect(flashOf((await sarah.get(page)).body)).toBe("");
  });

  it("who was slower is told who was quicker", async () => {
    const sarah = await signedIn(house, SARAH);
    const { hidden, action } = formWith((await sarah.get(page)).body, "Approve");
    await house.decideElsewhere(id, JAMES);
    const answer = await sarah.post(action, hidden);
    expect(flashOf(answer.body)).toMatch(/^James Liu was quicker: approved at /);
    expect((await decision())?.by.id).toBe("james");
  });

  it("rejects with a reason, in one step", async () => {
    const sarah = await signedIn(house, SARAH);
    const answer = await sarah.use(page, "Reject", {
      "f.reason": "Legal has to see this first.\r\nThen ask again.",
    });
    expect(flashOf(answer.body)).toBe("You rejected this. The agent is told now.");
    expect(await decision()).toMatchObject({
      verdict: "reject",
      reason: "Legal has to see this first.\nThen ask again.",
    });
    expect(unescaped(answer.body)).toContain("Legal has to see this first.");
  });

  it("rejects and keeps the agent paused, and then resumes it on the agent's page", async () => {
    const sarah = await signedIn(house, SARAH);
    await sarah.use(page, "Reject, keep paused", { "f.reason": "Not today." });
    expect(house.deps.holdIndex.of("trial-nurture" as AgentId).holds).toHaveLength(1);
    const resumed = await sarah.use("/agents/trial-nurture", "Resume");
    expect(flashOf(resumed.body)).toBe("Trial nurture is running again");
    expect(house.deps.holdIndex.of("trial-nurture" as AgentId).holds).toHaveLength(0);
  });

  it("edits typed fields; what nobody touched stays what it was, line breaks included", async () => {
    const sarah = await signedIn(house, SARAH);
    const { inside, action, hidden } = formWith((await sarah.get(page)).body, "Approve these");
    const typed = fieldsOf(inside);
    expect(typed).toHaveLength(4);
    const [to, subject, body, days] = typed;
    const sent = {
      [to?.name ?? ""]: to?.value ?? "",
      [subject?.name ?? ""]: "Both at once: yes",
      // As browsers send it.
      [body?.name ?? ""]: (body?.value ?? "").replaceAll("\n", "\r\n"),
      [days?.name ?? ""]: "7",
    };
    await sarah.post(action, { ...hidden, ...sent });
    expect((await decision())?.args).toEqual({
      ...SENDING.action.args,
      subject: "Both at once: yes",
      follow_up_days: 7,
    });
  });

  it("gets a form back with what was typed and what to mend, and nothing is decided", async () => {
    const sarah = await signedIn(house, SARAH);
    const { inside, action, hidden } = formWith((await sarah.get(page)).body, "Approve these");
    const typed = Object.fromEntries(fieldsOf(inside).map(({ name, value }) => [name, value]));
    const days = fieldsOf(inside)[3]?.name ?? "";
    const answer = await sarah.post(action, { ...hidden, ...typed, [days]: "99" });
    expect(answer.status).toBe(422);
    expect(flashOf(answer.body)).toContain("Nothing was changed");
    const again = formWith(answer.body, "Approve these").inside;
    expect(fieldsOf(again)[3]?.value).toBe("99");
    expect(again).toContain('aria-invalid="true"');
    expect(again).toContain('class="problem"');
    expect(answer.body).toMatch(/<details[^>]*data-key="edit-[^>]* open>/);
    expect(await decision()).toBeNull();
  });

  it("gets a form back when it was refused, with what was typed", async () => {
    const sarah = await signedIn(house, SARAH);
    const { hidden, action } = formWith((await sarah.get(page)).body, "Reject");
    const answer = await sarah.post(action, { ...hidden, token: "forged", "f.reason": "A long reason." });
    expect(answer.status).toBe(409);
    expect(flashOf(answer.body)).toContain("does not belong to a request Holdpoint made");
    expect(formWith(answer.body, "Reject").inside).toContain("A long reason.");
  });

  it("answers a question with their own words or a ready one", async () => {
    id = await house.raise({
      trigger: "question",
      action: undefined,
      args_schema: undefined,
      options: [{ name: "yes", title: "Yes, from Q2" }],
    });
    const sarah = await signedIn(house, SARAH);
    const answer = await sarah.use(`/escalations/${id}`, "Send the answer", { "f.option": "yes" });
    expect(flashOf(answer.body)).toBe("You answered this. The agent is told now.");
    expect(await decision()).toMatchObject({ verdict: "respond", option: "yes" });
  });

  it("asks somebody else as well", async () => {
    const sarah = await signedIn(house, SARAH);
    const answer = await sarah.use(page, "Ask them", { "f.to": "will" });
    expect(flashOf(answer.body)).toBe("Will Visitor is asked now as well; the deadline stays.");
    const will = await signedIn(house, WILL);
    expect((await will.get("/")).body).toContain(page);
    await will.use(page, "Approve");
    expect((await decision())?.by.id).toBe("will");
  });

  it("whose it is not sees everything and no button that decides, and is told whom to ask", async () => {
    const will = await signedIn(house, WILL);
    const { body } = await will.get(page);
    for (const label of ["Approve", "Reject", "Send the answer", "Dismiss"]) {
      expect(() => formWith(body, label)).toThrow();
    }
    expect(unescaped(body)).toContain("This is not yours to decide: ask Sarah Chen, who owns this agent.");
    expect(body).toContain("Can your compliance module handle GDPR");
  });

  it("looks at a page without leaving a trace of a refusal", async () => {
    const before = await house.store.audit.ofEscalation(id);
    const will = await signedIn(house, WILL);
    await will.get(page);
    expect(await house.store.audit.ofEscalation(id)).toEqual(before);
  });

  it("is refused in words when they press a button that was never drawn for them", async () => {
    const sarah = await signedIn(house, SARAH);
    const { hidden, action } = formWith((await sarah.get(page)).body, "Approve");
    const will = await signedIn(house, WILL);
    const answer = await will.post(action, { ...hidden, csrf: will.csrf });
    expect(flashOf(answer.body)).toContain("This is not yours to decide");
    expect(await decision()).toBeNull();
  });

  it("is never sent to another site by what a form says to go back to", async () => {
    const sarah = await signedIn(house, SARAH);
    for (const back of [
      "https://evil.example/",
      "//evil.example/",
      "/\\evil.example",
      "javascript:alert(1)",
      "/%0d%0aSet-Cookie: x",
    ]) {
      const { hidden, action } = formWith((await sarah.get(page)).body, "Dismiss");
      const answer = await sarah.post(action, { ...hidden, back, token: "forged" });
      expect(answer.at).toBe("/");
    }
  });

  it("lifts the hold of a request that nobody answered by resuming the agent", async () => {
    const escalation = await house.store.escalations.find(id);
    if (!escalation) throw new Error("gone");
    const after = { ...escalation, revision: 2, status: "expired" as const, settledAt: house.now() };
    await house.store.save({ escalation: { before: 1, after }, audit: [] });
    const sarah = await signedIn(house, SARAH);
    expect((await sarah.get("/agents/trial-nurture")).body).toContain("until somebody resumes the agent");
    expect(flashOf((await sarah.use("/agents/trial-nurture", "Resume")).body)).toBe(
      "Trial nurture is running again",
    );
  });
});

describe("pausing", () => {
  it("takes a reason and an end, from anybody, and shows it", async () => {
    const will = await signedIn(house, WILL);
    const answer = await will.use("/agents/content-distribution", "Pause", {
      "f.for": "2h",
      "f.reason": "for the weekend",
    });
    expect(flashOf(answer.body)).toBe("Content distribution is paused");
    expect(house.deps.holdIndex.of("content-distribution" as AgentId).holds[0]).toMatchObject({
      reason: "for the weekend",
      until: house.now() + 2 * HOUR,
      placedBy: { id: "will" },
    });
    expect(answer.body).toContain("for the weekend");
    expect(unescaped(answer.body)).toContain(
      "Only the owner (James Liu), a deputy or an administrator can resume",
    );
  });

  it("without a reason comes back with what to mend", async () => {
    const will = await signedIn(house, WILL);
    const answer = await will.use("/agents/content-distribution", "Pause", { "f.for": "2h", "f.reason": "" });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('class="problem"');
    expect(house.deps.holdIndex.of("content-distribution" as AgentId).holds).toHaveLength(0);
  });

  it("stops every agent, says so on every page, and is lifted by somebody who may resume each", async () => {
    const james = await signedIn(house, JAMES);
    await james.use("/agents", "Pause", { "f.for": "open", "f.reason": "Bad data in the warehouse" });
    for (const path of ["/", "/agents", "/history"]) {
      const { body } = await james.get(path);
      expect(body).toContain("Every agent is paused</strong> by James Liu");
      expect(body).toContain("Bad data in the warehouse");
    }
    const will = await signedIn(house, WILL);
    expect(flashOf((await will.use("/agents", "Resume the fleet")).body)).toContain("can resume this agent");
    expect(flashOf((await james.use("/agents", "Resume the fleet")).body)).toBe(
      "Every agent is running again",
    );
  });

  it("flags what feels off to the owner", async () => {
    const will = await signedIn(house, WILL);
    const answer = await will.use("/agents/content-distribution", "Tell the owner", {
      "f.agent": "content-distribution",
      "f.severity": "high",
      "f.what": "It posts at night.",
    });
    expect(flashOf(answer.body)).toContain("Its owner is asked to look");
    const james = await signedIn(house, JAMES);
    expect((await james.get("/")).body).toContain("Will Visitor flagged Content distribution");
  });
});

/** The visible fields of a form, with what stands in them. */
function fieldsOf(inside: string) {
  return [
    ...inside.matchAll(/<(input|textarea)(?=[^>]* name="(f\.[^"]+)")([^>]*)>(?:\n([^<]*)<\/textarea>)?/g),
  ].map(([, kind, name = "", attributes = "", text = ""]) => ({
    name: unescaped(name),
    value: unescaped(kind === "textarea" ? text : (/ value="([^"]*)"/.exec(attributes)?.[1] ?? "")),
  }));
}
