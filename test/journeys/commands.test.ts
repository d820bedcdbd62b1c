/** What people type and press without a card: `/agent`, the home tab, "something feels off". */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { AGENTS, type Holdpoint, startHoldpoint } from "../support/holdpoint.ts";
import { read, readView } from "../support/slack-person.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeEach(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterEach(() => house.end());

const HOUR = 3_600_000;

describe("/agent", () => {
  it("lists agents, and tells of each its state, its owner and what it can do", async () => {
    await agent.escalate();
    await house.settle();
    const { sarah } = house;
    const list = await sarah.agent("list");
    expect(list).toContain("3 agents, 1 paused");
    expect(list).toContain("Trial nurture trial-nurture · paused · owner Sarah Chen · 1 waiting");
    expect(list).toContain("Renewal assistant renewal-assistant · running · owner Amara Okafor");
    expect(await sarah.agent("status trial-nurture")).toContain("Waiting: 1 request");
    expect(await sarah.agent("STATUS Content-Distribution")).toContain("Content distribution is running");
    expect(await sarah.agent("owner renewal-assistant")).toMatch(
      /owned by @U0AMARA[\s\S]*Deputies: Sarah Chen/,
    );
    expect(await sarah.agent("help")).toContain("/agent pause <agent> [for 2h] [reason]");
    expect(await sarah.agent("")).toContain("/agent list");
  });

  it("shows whoever decides what waits, and opens it for them alone", async () => {
    const { id } = (await agent.escalate()).body;
    await house.settle();
    const { sarah, amara } = house;
    expect(await amara.agent("queue")).toContain("Nothing waits for you");
    expect(await sarah.agent("queue", AGENTS)).toContain("Trial nurture asks: approve send_email?");
    expect(await sarah.ask("Open", sarah.aside())).toContain("dana@example.com");
    await sarah.press("Approve", sarah.aside());
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "approve", by: { id: "sarah" } });
    expect(await sarah.agent("queue")).toContain("Nothing waits for you");
  });

  it("answers the same words in direct messages, where a list stays a list when one request is opened", async () => {
    await agent.escalate();
    await house.settle();
    await house.pass(2_000);
    await house.slack.dmBot("U0SARAH", "agent queue");
    const list = house.slack.dm("U0SARAH").at(-1);
    if (!list) throw new Error("there is no list");
    expect(read(list)).toContain("1 request for you");
    expect(await house.sarah.ask("Open", list)).toContain("Trial nurture asks: approve send_email?");
    await house.settle();
    expect(read(house.slack.message(list) ?? list)).toContain("1 request for you");
  });

  it("pauses by anybody, resumes only by who answers for the agent, and says why it stands still", async () => {
    const { sarah, james, amara } = house;
    const oliver = house.person("U0OLIVER");
    expect(await oliver.agent("pause trial-nurture the tone is off", AGENTS)).toContain(
      "Trial nurture is paused",
    );
    expect((await agent.state()).body).toMatchObject({
      state: "held",
      holds: [{ scope: "agent", reason: "the tone is off", until: null }],
    });
    expect(await sarah.agent("why trial-nurture")).toContain("“the tone is off”");
    expect(await oliver.agent("resume trial-nurture", AGENTS)).toContain("does not know your slack account");
    expect(await amara.agent("resume trial-nurture")).toContain("Only the owner (Sarah Chen)");
    expect((await agent.state()).body.state).toBe("held");
    expect(await james.agent("resume trial-nurture")).toContain("Trial nurture is running again");
    expect((await agent.state()).body.state).toBe("running");
    expect(await james.agent("resume trial-nurture")).toContain("is not held");
    expect(await sarah.agent("why trial-nurture")).toContain("nothing holds it");
  });

  it("does not resume an agent past a request that still waits", async () => {
    await agent.escalate();
    expect(await house.sarah.agent("resume trial-nurture")).toContain("still waiting for a decision");
    expect((await agent.state()).body.state).toBe("held");
  });

  it("ends a pause at the time that was named, and not before", async () => {
    expect(await house.sarah.agent("pause trial-nurture for 2h checking the list")).toContain("11:00 UTC");
    await house.pass(2 * HOUR - 1_000);
    expect((await agent.state()).body.state).toBe("held");
    await house.pass(1_000);
    expect((await agent.state()).body).toMatchObject({ state: "running", holds: [] });
    expect(await house.sarah.agent("pause trial-nurture for ever")).toContain("For how long?");
    expect((await agent.state()).body.state).toBe("running");
  });

  it("pauses every agent at once with pause all, told to agents that wait", async () => {
    const other = await house.agent("content-distribution");
    const waiting = other.state({ wait: "30" });
    await house.somebodyWaits();
    expect(await house.sarah.agent("pause all something is wrong")).toContain("Every agent is paused");
    expect((await waiting).body).toMatchObject({ state: "held" });
    for (const one of [agent, other]) {
      expect((await one.state()).body).toMatchObject({ state: "held", holds: [{ scope: "fleet" }] });
    }
    expect(await house.amara.agent("resume all")).toContain("Only the owner");
    expect(await house.sarah.agent("resume all")).toContain("Every agent is running again");
    for (const one of [agent, other]) expect((await one.state()).body.state).toBe("running");
  });

  it("refuses guests and people from elsewhere in words, shows them nothing, and changes nothing", async () => {
    await agent.escalate({ summary: "Dana asks about the price" });
    await house.settle();
    for (const id of ["U0GUEST", "U0OTHER"]) {
      const person = house.person(id);
      for (const words of [
        "pause trial-nurture",
        "resume trial-nurture",
        "why trial-nurture",
        "list",
        "queue",
      ]) {
        expect(await person.agent(words, AGENTS), words).toMatch(/for members of the workspace/);
      }
      await house.slack.openHome(id);
      expect(readView(house.slack.home(id))).not.toContain("Dana");
    }
    expect((await agent.state()).body.holds).toHaveLength(1);
  });

  it("names the agents it knows when asked about another, and its commands when not understood", async () => {
    expect(await house.sarah.agent("status nobody")).toMatch(/no agent called nobody.*trial-nurture/);
    expect(await house.sarah.agent("frobnicate")).toContain("not a command of mine");
    expect(await house.sarah.agent("pause")).toContain("Which agent?");
  });
});

describe("the home tab", () => {
  it("shows a person what waits and the agents they answer for, and changes with what they press there", async () => {
    const { slack } = house;
    await agent.escalate();
    await house.settle();
    await slack.openHome("U0JAMES");
    const home = () => readView(slack.home("U0JAMES"));
    expect(home()).toContain("Nothing waits for you");
    expect(home()).toContain("Content distribution · running");
    expect(home()).toContain("Trial nurture · paused · 1 request waiting");

    await slack.openHome("U0AMARA");
    const view = slack.home("U0AMARA");
    expect(readView(view)).toContain("Renewal assistant · running");
    // Amara answers for one agent, so there is one button to pause with.
    await slack.press("U0AMARA", { view: view?.id ?? "" }, "Pause");
    await slack.until(() => house.amara.view() !== undefined, "the form");
    await house.amara.send({ for: "2h", reason: "Prices change today." });
    const renewal = await house.agent("renewal-assistant");
    expect((await renewal.state()).body).toMatchObject({
      state: "held",
      holds: [{ reason: "Prices change today." }],
    });
    await slack.openHome("U0AMARA");
    expect(readView(slack.home("U0AMARA"))).toContain("Renewal assistant · paused");
  });
});

describe("something feels off", () => {
  it("is said with /agent flag, and grave words hold the agent until its owner has looked", async () => {
    const oliver = house.person("U0OLIVER");
    await house.slack.slash("U0OLIVER", "/agent", "flag trial-nurture it wrote twice", AGENTS);
    await house.slack.until(() => oliver.view() !== undefined, "the form");
    await oliver.send({ severity: "critical", what: "It wrote to Dana twice within a minute." });
    expect(readView(oliver.view())).toContain("Trial nurture is held until then");
    expect((await agent.state()).body.state).toBe("held");
    await house.settle();
    const card = read(house.sarah.card());
    expect(card).toContain("It wrote to Dana twice within a minute.");
    await house.sarah.fill("Answer", { response: "Found it, thank you." });
    expect((await agent.state()).body.state).toBe("running");
  });

  it("is said with the shortcut, and mild words hold nothing", async () => {
    await house.slack.shortcut("U0JAMES", "something_feels_off");
    await house.slack.until(() => house.james.view() !== undefined, "the form");
    await house.james.send({ agent: "trial-nurture", severity: "low", what: "The greeting is odd." });
    expect((await agent.state()).body.state).toBe("running");
    await house.settle();
    expect(read(house.sarah.card())).toContain("The greeting is odd.");
    expect(read(house.sarah.card())).toContain("Nothing is held while this waits");
  });

  it("is said of a message, which is named to the owner; a guest gets no form", async () => {
    const { slack } = house;
    await slack.say("U0OLIVER", "The bot answered a customer on a Sunday.", AGENTS);
    const said = slack.channel(AGENTS).at(-1);
    if (!said) throw new Error("nothing was said");
    await slack.messageShortcut("U0GUEST", "something_feels_off_message", said);
    await slack.until(() => /for members/.test(house.person("U0GUEST").told()), "words for the guest");
    await slack.messageShortcut("U0JAMES", "something_feels_off_message", said);
    await slack.until(() => house.james.view() !== undefined, "the form");
    await house.james.send({ agent: "trial-nurture", severity: "high", what: "Not on Sundays." });
    await house.settle();
    expect((await agent.state()).body.state).toBe("held");
    const { sarah } = house;
    const thread = slack.dm("U0SARAH").filter(({ threadTs }) => threadTs === sarah.card().ts);
    expect(thread.map(read).join("\n")).toContain(`${AGENTS}/p${said.ts.replace(".", "")}`);
  });
});
