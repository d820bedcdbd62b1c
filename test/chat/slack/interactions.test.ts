/** What people do in Slack, and what they get to see for it: never a dead click, never a pretended one. */
import { afterEach, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/application/ports.ts";
import type { Form } from "../../../src/cards/form.ts";
import { wordsOn } from "../../support/slack-workspace/index.ts";
import {
  AGENTS,
  askingCard,
  channel,
  GUEST,
  JAMES,
  person,
  SARAH,
  STRANGER,
  type Stage,
  startStage,
} from "./slack-stage.ts";

let stage: Stage;
afterEach(() => stage.close());

const FORM: Form = {
  title: "Reject with a reason that is long",
  send: "Reject",
  intent: { verb: "reject", on: "esc_1", revision: 3, digest: null },
  intro: [{ kind: "plain", text: "The agent is told why." }],
  fields: [
    { kind: "lines", name: "reason", label: "Reason", optional: false, max: 500 },
    {
      kind: "number",
      name: "percent",
      label: "percent",
      optional: true,
      whole: true,
      value: 20,
      min: 0,
      max: 100,
    },
    { kind: "tick", name: "keep", label: "Keep the hold", optional: false, value: true },
    {
      kind: "choice",
      name: "tone",
      label: "tone",
      optional: true,
      choices: [{ value: "calm", label: "Calm" }],
    },
    { kind: "json", name: "args", label: "args", optional: true, value: '{"a":1}' },
  ],
};
const form: Answer = { kind: "form", form: FORM };

/** Posts a card and answers with where it stands. */
async function place(to = channel(AGENTS)) {
  const drawn = await stage.platform.post(to, askingCard(), "copy_1", null);
  if (drawn.kind !== "shown") throw new Error(JSON.stringify(drawn));
  return { channel: drawn.ref.channel ?? "", ts: drawn.ref.ts ?? "" };
}

const told = (user = SARAH) =>
  stage.workspace
    .until(() => stage.workspace.ephemerals(user).at(-1), "words for one person")
    .then(({ text }) => text);

const modal = (user = SARAH) => stage.workspace.until(() => stage.workspace.views(user).at(-1), "a modal");

const lastLog = () =>
  stage.workspace
    .until(() => stage.log.findLast(({ facts }) => "gesture" in facts), "a line in the log")
    .catch(() => undefined);

describe("pressing a button", () => {
  it("tells the application who pressed what, where, before Slack gets its answer", async () => {
    stage = await startStage();
    const where = await place();
    let stored = false;
    stage.answerWith(async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      stored = true;
      return { kind: "done", words: "Approved." };
    });
    const answer = await stage.workspace.press(SARAH, where, "Approve");
    expect(stored).toBe(true);
    expect(answer).toMatchObject({ outcome: "acknowledged", status: 200, body: undefined });
    expect(stage.gestures).toEqual([
      {
        kind: "press",
        from: {
          surface: "slack",
          id: SARAH,
          account: `slack:${stage.workspace.teamId}/${SARAH}`,
          name: "sarah",
          standing: "member",
        },
        token: "token.approve.esc_1.1",
        message: { platform: "slack", channel: where.channel, ref: { channel: where.channel, ts: where.ts } },
      },
    ]);
    expect(stage.workspace.ephemerals(SARAH)).toEqual([]);
  });

  it("says in the channel, to this person alone, why it was refused", async () => {
    stage = await startStage();
    stage.answerWith(() => ({ kind: "refused", words: "Sarah was quicker: <b>approved</b> & done." }));
    expect(await stage.workspace.press(JAMES, await place(), "Approve")).toMatchObject({
      outcome: "acknowledged",
    });
    expect(await told(JAMES)).toBe("Sarah was quicker: &lt;b&gt;approved&lt;/b&gt; &amp; done.");
    expect(wordsOn(stage.workspace.ephemerals(JAMES)[0]?.blocks ?? [])).toBe(
      "Sarah was quicker: <b>approved</b> & done.",
    );
    expect(stage.workspace.channel(AGENTS)).toHaveLength(1);
  });

  it("says it through the click's own address when the channel takes no words", async () => {
    stage = await startStage();
    stage.answerWith(() => ({ kind: "refused", words: "Not yours." }));
    const where = await place();
    stage.workspace.fault({ method: "chat.postEphemeral", kind: "error", word: "channel_not_found" });
    await stage.workspace.press(JAMES, where, "Approve");
    expect(await told(JAMES)).toBe("Not yours.");
    expect(stage.workspace.responsePosts()).toMatchObject([{ ok: true }]);
  });

  it.each([
    [GUEST, "guest"],
    [STRANGER, "stranger"],
    [SARAH, "member"],
  ])("tells the application that %s is a %s", async (user, standing) => {
    stage = await startStage();
    await stage.workspace.press(user, await place(), "Approve");
    expect(stage.gestures[0]?.from.standing).toBe(standing);
    if (standing === "stranger") expect(stage.gestures[0]?.from.account).toBe("slack:T0ELSEWHERE/U0STRANGER");
  });

  it("notices within five minutes that somebody was made a guest", async () => {
    stage = await startStage();
    const where = await place();
    await stage.workspace.press(SARAH, where, "Approve");
    stage.workspace.putUser({ id: SARAH, name: "sarah", is_ultra_restricted: true });
    await stage.workspace.press(SARAH, where, "Approve");
    expect(stage.workspace.calls("users.info")).toHaveLength(1);
    stage.clock.advance(5 * 60_000);
    await stage.workspace.press(SARAH, where, "Approve");
    expect(stage.gestures.map(({ from }) => from.standing)).toEqual(["member", "member", "guest"]);
  });

  it("does nothing when it only follows a link", async () => {
    stage = await startStage();
    const answer = await stage.workspace.press(SARAH, await place(), "Open in the console");
    expect(answer).toMatchObject({ outcome: "acknowledged", body: undefined });
    expect(stage.gestures).toEqual([]);
  });

  it("is not acknowledged, and says so, when it could not be stored", async () => {
    stage = await startStage();
    stage.answerWith(() => {
      throw new Error("SQLITE_FULL: insert into escalations values ('the secret reason')");
    });
    const answer = await stage.workspace.press(SARAH, await place(), "Approve");
    expect(answer).toMatchObject({
      outcome: "refused",
      status: 503,
      body: expect.stringContaining("press again"),
    });
    expect(await told()).toContain("not stored");
    expect(stage.workspace.seen(SARAH)).toHaveLength(1);
    expect(stage.log).toContainEqual(
      expect.objectContaining({ level: "error", words: "A gesture was not stored" }),
    );
    expect(JSON.stringify(stage.log)).not.toContain("secret");
  });

  it("is not acknowledged, and says so, when storing takes too long; what became of it later is logged", async () => {
    stage = await startStage({ patienceMs: 50 });
    const { promise, resolve } = Promise.withResolvers<Answer>();
    stage.answerWith(() => promise);
    const answer = await stage.workspace.press(SARAH, await place(), "Approve");
    expect(answer).toMatchObject({ outcome: "refused", status: 503 });
    expect(await told()).toContain("may not be stored");
    resolve({ kind: "done", words: "" });
    await promise;
    await new Promise(setImmediate);
    expect(stage.log.at(-1)).toMatchObject({ level: "warn", words: "A gesture was answered after its time" });
  });

  it("leaves one line in the log, with ids and nothing that anybody wrote", async () => {
    stage = await startStage();
    await stage.workspace.press(SARAH, await place(), "Approve");
    expect(await lastLog()).toMatchObject({
      level: "info",
      facts: {
        platform: "slack",
        gesture: "press",
        user: SARAH,
        channel: AGENTS,
        answer: "done",
        ms: expect.any(Number),
      },
    });
    expect(stage.log.filter(({ facts }) => "gesture" in facts)).toHaveLength(1);
    expect(JSON.stringify(stage.log)).not.toContain("Dana");
  });
});

describe("a form", () => {
  const fill = {
    "field:reason": "Wrong product",
    "field:percent": "15",
    "field:tone": "calm",
    "field:args": "{}",
  };

  async function opened() {
    stage.answerWith(() => form);
    await stage.workspace.press(SARAH, await place(), "Reject");
    return modal();
  }

  it("opens in front of the person, and what they fill in comes back by name", async () => {
    stage = await startStage();
    const view = await opened();
    expect(view.content).toMatchObject({
      title: { text: "Reject with a reason th…" },
      private_metadata: "token.reject.esc_1.3",
    });
    stage.answerWith(() => ({ kind: "done", words: "Rejected." }));
    const sent = await stage.workspace.submitView(SARAH, view.id, { ...fill, "field:keep": [] });
    expect(sent).toMatchObject({ outcome: "acknowledged", body: { response_action: "clear" } });
    expect(stage.gestures.at(-1)).toMatchObject({
      kind: "submit",
      token: "token.reject.esc_1.3",
      filled: { reason: "Wrong product", percent: "15", keep: false, tone: "calm", args: "{}" },
    });
    expect(stage.workspace.views(SARAH)).toEqual([]);
  });

  it("keeps what was there, and leaves out what was emptied", async () => {
    stage = await startStage();
    const view = await opened();
    stage.answerWith(() => ({ kind: "done", words: "" }));
    await stage.workspace.submitView(SARAH, view.id, { "field:reason": "No", "field:percent": "" });
    expect(stage.gestures.at(-1)).toMatchObject({ filled: { reason: "No", keep: true, args: '{"a":1}' } });
    expect(stage.gestures.at(-1)).not.toMatchObject({ filled: { percent: expect.anything() } });
  });

  it("shows beside each field what is wrong with it", async () => {
    stage = await startStage();
    const view = await opened();
    stage.answerWith(() => ({ kind: "fields", problems: { percent: "At most 30.", elsewhere: "Missing." } }));
    const sent = await stage.workspace.submitView(SARAH, view.id, fill);
    expect(sent.errors).toEqual({ "field:percent": "At most 30.", "field:reason": "elsewhere: Missing." });
    expect(stage.workspace.views(SARAH)).toHaveLength(1);
  });

  it("turns into the reason when it is refused", async () => {
    stage = await startStage();
    const view = await opened();
    stage.answerWith(() => ({ kind: "refused", words: "James was quicker." }));
    await stage.workspace.submitView(SARAH, view.id, fill);
    const [now] = stage.workspace.views(SARAH);
    expect(wordsOn((now?.content.blocks ?? []) as never)).toContain("James was quicker.");
  });

  it("keeps what was typed when it could not be stored", async () => {
    stage = await startStage();
    const view = await opened();
    stage.answerWith(() => {
      throw new Error("disk full");
    });
    const sent = await stage.workspace.submitView(SARAH, view.id, fill);
    expect(sent.errors["field:reason"]).toContain("not stored");
    expect(stage.workspace.views(SARAH)[0]?.values["field:reason"]).toMatchObject({
      input: { value: "Wrong product" },
    });
  });

  it("that opens too late says so", async () => {
    stage = await startStage();
    const where = await place();
    stage.answerWith(() => {
      stage.clock.advance(2_900);
      return form;
    });
    stage.workspace.fault({ method: "views.open", kind: "error", word: "expired_trigger_id" });
    await stage.workspace.press(SARAH, where, "Reject");
    expect(await told()).toContain("press again");
    expect(stage.workspace.views(SARAH)).toEqual([]);
  });

  it("is not opened where Slack would have to shorten what is edited", async () => {
    stage = await startStage();
    const long: Form = {
      ...FORM,
      fields: [{ kind: "lines", name: "body", label: "body", optional: false, value: "x".repeat(3_001) }],
    };
    stage.answerWith(() => ({ kind: "form", form: long }));
    await stage.workspace.press(SARAH, await place(), "Reject");
    expect(await told()).toContain("too long to edit in Slack");
  });

  it("that no card stands behind confirms by itself", async () => {
    stage = await startStage();
    stage.answerWith(() => form);
    await stage.workspace.shortcut(SARAH, "something_feels_off");
    const view = await modal();
    stage.answerWith(() => ({ kind: "done", words: "Thank you: the owner is told." }));
    await stage.workspace.submitView(SARAH, view.id, fill);
    expect(wordsOn((stage.workspace.views(SARAH)[0]?.content.blocks ?? []) as never)).toContain(
      "the owner is told",
    );
  });
});

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
