/** What people type, flag and open in Slack, and what they get to see for it. */
import { afterEach, describe, expect, it } from "vitest";
import { askingCard } from "../stage.ts";
import { form, modalOf, placeCard, toldTo } from "./people-scene.ts";
import { AGENTS, channel, JAMES, person, SARAH, type Stage, startStage } from "./slack-stage.ts";

let stage: Stage;
afterEach(() => stage.close());

const place = (to = channel(AGENTS)) => placeCard(stage, to);
const told = (user = SARAH) => toldTo(stage, user);
const modal = (user = SARAH) => modalOf(stage, user);

describe("a command", () => {
  it("is answered to the person alone, with a card whose buttons work", async () => {
    stage = await startStage();
    stage.answerWith(() => ({ kind: "card", card: askingCard() }));
    const answer = await stage.workspace.slash(SARAH, "/agent", "status trial-nurture", AGENTS);
    expect(answer.body).toMatchObject({ response_type: "ephemeral" });
    expect(stage.gestures).toMatchObject([
      { kind: "command", words: "status trial-nurture", from: { id: SARAH } },
    ]);
    const [message] = stage.workspace.ephemerals(SARAH);
    stage.answerWith(() => ({ kind: "done", words: "Paused." }));
    await stage.workspace.press(SARAH, { channel: AGENTS, ts: message?.ts ?? "" }, "Approve");
    expect(stage.gestures.at(-1)).toMatchObject({ kind: "press", message: null });
    const said = () => stage.workspace.ephemerals(SARAH).find(({ text }) => text === "Paused.");
    await stage.workspace.until(said, "what was done");
  });

  it("brings mentions as accounts", async () => {
    stage = await startStage();
    await stage.workspace.slash(SARAH, "/agent", "out until friday deputy @james");
    expect(stage.gestures).toMatchObject([{ words: `out until friday deputy @${JAMES}` }]);
  });

  it("says that it was not stored, where it was typed", async () => {
    stage = await startStage();
    stage.answerWith(() => Promise.reject(new Error("disk full")));
    await stage.workspace.slash(SARAH, "/agent", "pause all", AGENTS);
    expect(await told()).toContain("not stored");
  });

  it("opens a form when one is needed", async () => {
    stage = await startStage();
    stage.answerWith(() => form);
    await stage.workspace.slash(SARAH, "/agent", "flag trial-nurture");
    expect((await modal()).content).toMatchObject({ callback_id: "holdpoint_form_alone" });
  });

  it("in a direct message is answered there", async () => {
    stage = await startStage();
    stage.answerWith(() => ({ kind: "card", card: askingCard() }));
    await stage.workspace.dmBot(SARAH, "agent list");
    expect(stage.gestures).toMatchObject([{ kind: "command", words: "list" }]);
    expect(stage.workspace.dm(SARAH).map(({ user }) => user)).toEqual([SARAH, stage.workspace.botUserId]);
  });

  it("by name in a channel is answered to the person alone", async () => {
    stage = await startStage();
    stage.answerWith(() => ({ kind: "done", words: "Paused." }));
    await stage.workspace.mention(SARAH, AGENTS, "pause trial-nurture");
    expect(stage.gestures).toMatchObject([{ kind: "command", words: "pause trial-nurture" }]);
    expect(await told()).toBe("Paused.");
    expect(stage.workspace.channel(AGENTS).filter(({ user }) => user !== SARAH)).toEqual([]);
  });

  it("that Slack tells of twice is carried out once", async () => {
    stage = await startStage();
    const payload = {
      type: "event_callback",
      api_app_id: stage.workspace.appId,
      team_id: stage.workspace.teamId,
      event_id: "Ev1",
      event: {
        type: "message",
        channel_type: "im",
        user: SARAH,
        channel: stage.workspace.dmId(SARAH),
        text: "pause all",
      },
    };
    await stage.workspace.deliver({ type: "events_api", payload });
    stage.clock.advance(60_000);
    const again = { attempt: 1, reason: "http_timeout" };
    const answer = await stage.workspace.deliver({ type: "events_api", payload, retry: again });
    expect(answer).toMatchObject({ outcome: "acknowledged" });
    expect(stage.gestures).toHaveLength(1);
  });
});

describe("something feels off", () => {
  it("about a message names the message", async () => {
    stage = await startStage();
    stage.answerWith(() => form);
    const where = await place();
    await stage.workspace.messageShortcut(SARAH, "something_feels_off_message", where);
    expect(stage.gestures).toMatchObject([
      { kind: "flag", about: `https://loopback.slack.com/archives/${AGENTS}/p${where.ts.replace(".", "")}` },
    ]);
    await modal();
  });
});

describe("the home tab", () => {
  it("is drawn when it is opened, and again after something was done on it", async () => {
    stage = await startStage();
    stage.answerWith(({ kind }) =>
      kind === "home" ? { kind: "card", card: askingCard() } : { kind: "done", words: "Paused." },
    );
    await stage.workspace.openHome(SARAH);
    const home = await stage.workspace.until(() => stage.workspace.home(SARAH), "the home tab");
    await stage.workspace.press(SARAH, { view: home.id }, "Approve");
    await stage.workspace.until(() => stage.workspace.home(SARAH)?.hash !== home.hash, "a new home tab");
    expect(stage.gestures.map(({ kind }) => kind)).toEqual(["home", "press", "home"]);
    await stage.workspace.until(() => stage.workspace.dm(SARAH).length > 0, "words");
    expect(stage.workspace.dm(SARAH)[0]?.text).toBe("Paused.");
  });
});

it("says to the operator that the app was removed", async () => {
  stage = await startStage();
  const payload = {
    type: "event_callback",
    api_app_id: stage.workspace.appId,
    team_id: stage.workspace.teamId,
    event_id: "Ev2",
    event: { type: "app_uninstalled" },
  };
  expect(await stage.workspace.deliver({ type: "events_api", payload })).toMatchObject({
    outcome: "acknowledged",
  });
  expect(stage.log.at(-1)).toMatchObject({
    level: "error",
    words: expect.stringContaining("install it again"),
  });
});

it("posts to people without having heard of them before", async () => {
  stage = await startStage();
  expect((await place(person(JAMES))).channel).toBe(stage.workspace.dmId(JAMES));
});
