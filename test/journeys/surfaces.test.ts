/** The same request decided on every surface there is, and the same truth on all of them. */
import { afterEach, describe, expect, it } from "vitest";
import { consoleVisitor } from "../support/console-visitor.ts";
import { type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";

let house: Holdpoint;
afterEach(() => house.end());

/** Signs in through a one-time link. */
async function atTheConsole(person: string) {
  const visitor = consoleVisitor(house.url, PUBLIC_URL);
  const link = await house.app.parts.signIn.linkFor(person as never);
  await visitor.open(link);
  await visitor.send("Sign in");
  return { visitor, link };
}

describe("a decision", () => {
  it("comes over HTTP, signed by Slack", async () => {
    house = await startHoldpoint();
    const agent = await house.agent();
    const { id } = (await agent.escalate()).body;
    await house.settle();
    expect(await house.sarah.press("Approve")).toMatchObject({ via: "http", outcome: "acknowledged" });
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "approve", surface: "slack" });
  });

  it("comes over a socket, forms and commands too", async () => {
    house = await startHoldpoint({ socket: true });
    const agent = await house.agent();
    const { id } = (await agent.escalate({ callback_url: house.receiver.url })).body;
    await house.settle();
    expect(await house.sarah.agent("queue")).toContain("Trial nurture asks: approve send_email?");
    expect(await house.sarah.press("I'm on it")).toMatchObject({ via: "socket", outcome: "acknowledged" });
    await house.settle();
    await house.sarah.fill("Reject", { reason: "Not today." });
    await house.settle();
    expect((await agent.follow(id)).body.decision).toMatchObject({ verdict: "reject", surface: "slack" });
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);
    expect(read(house.sarah.card())).toContain("Rejected by @U0SARAH");
  });

  it("comes from the console, and the card in chat says so at once", async () => {
    house = await startHoldpoint();
    const agent = await house.agent();
    const { id } = (await agent.escalate({ callback_url: house.receiver.url })).body;
    await house.settle();
    const { visitor, link } = await atTheConsole("sarah");
    expect((await visitor.open("/")).text).toContain("Trial nurture asks: approve send_email?");
    expect((await visitor.open(`/escalations/${id}`)).text).toContain("dana@example.com");
    expect((await visitor.send("Approve")).text).toContain("Approved by Sarah Chen");
    expect((await agent.follow(id)).body.decision).toMatchObject({
      ...{ verdict: "approve", surface: "console", by: { id: "sarah" } },
    });
    const late = house.sarah.card();
    await house.settle();
    expect(read(house.sarah.card())).toMatch(/Approved by @U0SARAH, .*, on the console\./);
    await house.slack.press("U0SARAH", late, "Approve", { stale: true });
    await house.slack.until(() => /You have already approved/.test(house.sarah.told()), "words for Sarah");
    expect(house.receiver.of("escalation.decided")).toHaveLength(1);

    // The link was good for once.
    const another = consoleVisitor(house.url, PUBLIC_URL);
    expect(await another.open(link)).toMatchObject({ status: 410 });
    expect(await another.open("/")).toMatchObject({ status: 401 });
  });

  it("made in chat stands on the console, and its buttons are gone there", async () => {
    house = await startHoldpoint();
    const agent = await house.agent();
    const { id } = (await agent.escalate()).body;
    await house.settle();
    const { visitor } = await atTheConsole("james");
    const before = await visitor.open(`/escalations/${id}`);
    expect(before.forms.map(({ button }) => button)).toContain("Reject");
    await house.sarah.press("Approve");
    // James has the page in front of him as it was.
    expect((await visitor.send("Approve")).text).toContain("Sarah Chen was quicker: approved");
    const after = await visitor.open(`/escalations/${id}`);
    expect(after.text).toMatch(/Approved by Sarah Chen ?, .*, in Slack\./);
    expect(after.forms.map(({ button }) => button)).not.toContain("Reject");
  });

  it("with a form on the console: an empty reason is asked for again, an edit is typed", async () => {
    house = await startHoldpoint({ alone: true });
    const agent = await house.agent();
    const { id } = (await agent.escalate()).body;
    await house.settle();
    expect((await agent.follow(id)).body.delivery).toMatchObject({ card: "shown" });
    const { visitor } = await atTheConsole("sarah");
    await visitor.open(`/escalations/${id}`);
    expect(await visitor.send("Reject", { "f.reason": " " })).toMatchObject({
      status: 422,
      text: expect.stringContaining("say why"),
    });
    const edited = { "f.arg0": "dana@example.com", "f.arg1": "The agreement", "f.arg2": "5" };
    expect((await visitor.send("Approve these", edited)).text).toContain("Edited and approved by Sarah Chen");
    expect((await agent.follow(id)).body.decision).toMatchObject({
      verdict: "edit",
      args: { to: "dana@example.com", subject: "The agreement", percent: 5 },
    });
  });
});

describe("the console", () => {
  it("changes nothing by a GET, and nothing for a form from elsewhere", async () => {
    house = await startHoldpoint();
    const agent = await house.agent();
    const { id } = (await agent.escalate()).body;
    const { visitor } = await atTheConsole("sarah");
    const page = await visitor.open(`/escalations/${id}`);
    for (const { action, fields } of page.forms) {
      await visitor.open(`${action}?${new URLSearchParams(Object.fromEntries(fields))}`);
    }
    const elsewhere = consoleVisitor(house.url, "https://evil.example");
    const link = await house.app.parts.signIn.linkFor(null);
    await elsewhere.open(link);
    expect(await elsewhere.send("Sign in", { person: "sarah" })).toMatchObject({ status: 403 });
    expect((await agent.follow(id)).body.status).toBe("open");
    expect((await agent.state()).body.state).toBe("held");
  });
});
