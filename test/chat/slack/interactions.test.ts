/** What people press and send in Slack, and what they get to see for it: never a dead click, never a pretended one. */
import { afterEach, describe, expect, it } from "vitest";
import type { Answer } from "../../../src/application/ports.ts";
import type { Form } from "../../../src/cards/form.ts";
import { wordsOn } from "../../support/slack-workspace/index.ts";
import { FORM, form, modalOf, placeCard, toldTo } from "./people-scene.ts";
import { AGENTS, channel, GUEST, JAMES, SARAH, STRANGER, type Stage, startStage } from "./slack-stage.ts";

let stage: Stage;
afterEach(() => stage.close());

const place = (to = channel(AGENTS)) => placeCard(stage, to);
const told = (user = SARAH) => toldTo(stage, user);
const modal = (user = SARAH) => modalOf(stage, user);

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
