/** What people do in Teams becomes a gesture, and they are answered where they did it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Gesture } from "../../../src/application/gesture.ts";
import type { Answer } from "../../../src/application/ports.ts";
import type { Form } from "../../../src/cards/form.ts";
import { buttonsOn, type Message, wordsOn } from "../../support/teams-connector/index.ts";
import { askingCard, CONSOLE } from "../stage.ts";
import {
  channel,
  GUEST,
  JAMES,
  person,
  REVIEW,
  rejectForm,
  SARAH,
  STRANGER,
  type Stage,
  settledCard,
  startStage,
} from "./teams-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

/** An application that knows one open request and its form. */
function application(onSubmit: Answer = { kind: "done", words: "You rejected this." }) {
  return (gesture: Gesture): Answer => {
    if (gesture.kind === "press" && gesture.token.includes(".show."))
      return { kind: "card", card: settledCard("As it stands") };
    if (gesture.kind === "press" && gesture.token.includes(".reject."))
      return { kind: "form", form: rejectForm };
    if (gesture.kind === "submit") return onSubmit;
    return { kind: "done", words: "You approved this." };
  };
}

async function posted(at = person(SARAH)): Promise<Message> {
  await stage.platform.post(at, askingCard(), "mark-1", null);
  const place = at.kind === "person" ? stage.connector.chat(at.id) : at.id;
  const message = stage.connector.in(place).at(-1);
  if (message === undefined) throw new Error("no card");
  return message;
}

describe("a press", () => {
  it("names who, with the account as evidence, and where the button stood", async () => {
    const message = await posted(channel(REVIEW));
    await stage.connector.press(JAMES, message, "Approve");
    expect(stage.gestures[0]).toEqual({
      kind: "press",
      token: "token.approve.esc_1.1",
      from: {
        surface: "teams",
        id: JAMES,
        account: `teams:a1b2c3d4-e5f6-7890-abcd-ef1234567890/${JAMES}`,
        name: "James Liu",
        standing: "member",
      },
      message: {
        platform: "teams",
        channel: REVIEW,
        ref: { conversation: message.conversation, activity: message.id },
      },
    });
  });

  it("names the very record that the post gave, so that a card is known again", async () => {
    for (const at of [person(SARAH), channel(REVIEW)]) {
      const drawn = await stage.platform.post(at, askingCard(), "m", null);
      const place = at.kind === "person" ? stage.connector.chat(at.id) : at.id;
      await stage.connector.press(SARAH, stage.connector.in(place).at(-1), "Approve");
      const pressed = stage.gestures.findLast((one) => one.kind === "press" && one.message !== null);
      expect(pressed).toMatchObject({ message: { ref: drawn.kind === "shown" ? drawn.ref : "not shown" } });
    }
  });

  it("is answered with the card as it stands now", async () => {
    stage.answerWith(application());
    const shown = await stage.connector.press(SARAH, await posted(), "Approve");
    expect(wordsOn(shown.card)).toContain("As it stands");
    expect(buttonsOn(shown.card)).toEqual([]);
  });

  it("that is refused is answered in words", async () => {
    stage.answerWith(() => ({ kind: "refused", words: "James was quicker: he rejected this." }));
    expect(await stage.connector.press(SARAH, await posted(), "Approve")).toMatchObject({
      status: 200,
      words: "James was quicker: he rejected this.",
    });
  });

  it("that came too late is told so in a message that stays, whatever is redrawn, and sees the card as it is", async () => {
    const words = "James was quicker: he rejected this.";
    stage.answerWith((gesture) =>
      gesture.kind === "press" && gesture.token.includes(".show.")
        ? application()(gesture)
        : { kind: "refused", words, over: true },
    );
    for (const at of [person(SARAH), channel(REVIEW)]) {
      const shown = await stage.connector.press(SARAH, await posted(at), "Approve");
      expect(wordsOn(shown.card)).toContain("As it stands");
      expect(stage.connector.in(stage.connector.chat(SARAH)).at(-1)?.activity).toMatchObject({ text: words });
    }
  });

  it("that came too late is told so beside the card where Teams takes no message", async () => {
    const message = await posted();
    stage.answerWith(() => ({ kind: "refused", words: "James was quicker.", over: true }));
    stage.connector.fault({ on: "send", kind: "status", status: 403 });
    expect((await stage.connector.press(SARAH, message, "Approve")).words).toBe("James was quicker.");
  });

  it.each([
    ["a guest", GUEST, "guest"],
    ["somebody of another organisation", STRANGER, "stranger"],
  ])("by %s says so", async (_, who, standing) => {
    await stage.connector.press(who, await posted(channel(REVIEW)), "Approve");
    expect(stage.gestures[0]?.from.standing).toBe(standing);
  });

  it("by somebody Teams does not vouch for does nothing, and says so", async () => {
    const message = await posted();
    stage.connector.fault({ on: "member", kind: "status", status: 503 });
    const { words } = await stage.connector.press(SARAH, message, "Approve");
    expect(words).toContain("nothing was changed");
    expect(stage.gestures).toEqual([]);
  });

  it("that was done and can't be shown is not called undone", async () => {
    const card = await posted();
    stage.answerWith((gesture) =>
      gesture.kind === "press" && gesture.token.includes(".show.")
        ? Promise.reject(new Error("the store is gone"))
        : { kind: "done", words: "You approved this." },
    );
    expect((await stage.connector.press(SARAH, card, "Approve")).words).toBe("You approved this.");
  });

  it("that can't be stored says so", async () => {
    stage.answerWith(() => Promise.reject(new Error("the disk is full: secret")));
    const { words, status } = await stage.connector.press(SARAH, await posted(), "Approve");
    expect(status).toBe(200);
    expect(words).toContain("not stored");
    expect(JSON.stringify(stage.log)).not.toContain("secret");
  });

  it("from a client that can't execute arrives as a message, and opens the form in one", async () => {
    stage.answerWith(application());
    await stage.connector.submit(SARAH, await posted(), "Reject");
    expect(stage.gestures[0]).toMatchObject({ kind: "press", token: "token.reject.esc_1.1" });
    const form = stage.connector.in(stage.connector.chat(SARAH)).at(-1);
    await stage.connector.press(SARAH, form, "Send", { reason: "No." });
    expect(stage.gestures.find(({ kind }) => kind === "submit")).toMatchObject({ filled: { reason: "No." } });
  });

  it("that Teams sends again is done once, and a second one is another", async () => {
    const message = await posted();
    const activity = stage.connector.activity(SARAH, message.conversation, {
      type: "invoke",
      name: "adaptiveCard/action",
      replyToId: message.id,
      value: { action: { data: { t: "token.approve.esc_1.1" } } },
    });
    const [first, second] = await Promise.all([
      stage.connector.deliver(activity),
      stage.connector.deliver(activity),
    ]);
    expect(second).toEqual(first);
    await stage.connector.deliver(activity);
    const approvals = () =>
      stage.gestures.filter((one) => one.kind === "press" && one.token.includes("approve"));
    expect(approvals()).toHaveLength(1);
    await stage.connector.deliver({ ...activity, id: "another" });
    expect(approvals()).toHaveLength(2);
  });
});

describe("a press that takes too long", () => {
  it("is answered within the time Teams waits, and is not done twice when it comes again with another id", async () => {
    await stage.close();
    stage = await startStage({ teams: { patienceMs: 50 } });
    let release = () => {};
    stage.answerWith(
      () =>
        new Promise((resolve) => {
          release = () => resolve({ kind: "done", words: "done" });
        }),
    );
    const message = await posted();
    for (let times = 0; times < 2; times += 1)
      expect((await stage.connector.press(SARAH, message, "Approve")).words).toContain("could not confirm");
    release();
    expect(stage.gestures.filter((one) => one.kind === "press" && one.message !== null)).toHaveLength(1);
  });
});

describe("a form on the card", () => {
  const forms = (...more: Form[]) => ({ forms: [rejectForm, ...more], approvers: [] });

  it("opens where its button stands, without asking anybody, and is sent from there", async () => {
    stage.answerWith(application());
    stage.standBehind(() => forms());
    const message = await posted();
    const reject = buttonsOn(stage.connector.card(message)).find(({ title }) => title === "Reject");
    expect(reject?.asks).toContain("The agent is told your reason.");
    expect(stage.gestures).toEqual([]);
    const { card } = await stage.connector.press(SARAH, message, "Reject", { reason: "No.", percent: 12 });
    expect(stage.gestures[0]).toMatchObject({
      kind: "submit",
      token: "token.reject.esc_1.1",
      filled: { reason: "No.", percent: "12", again: true, how: "b" },
    });
    expect(wordsOn(card)).toBe("As it stands");
  });

  it("comes back with what is wrong at its fields, and what was typed", async () => {
    stage.answerWith(application({ kind: "fields", problems: { reason: "Say why." } }));
    stage.standBehind(() => forms());
    const message = await posted();
    const { card } = await stage.connector.press(SARAH, message, "Reject", { reason: "x" });
    expect(wordsOn(card)).toContain("Say why.");
    expect(JSON.stringify(card)).toContain('"value":"x"');
    expect(buttonsOn(card).map(({ title }) => title)).toEqual(["Send", "Back"]);
  });

  it("keeps its fields from another's, whatever a client sends along", async () => {
    const message = await posted();
    const data = {
      ...{ t: "token.reject.esc_1.1", f: "card", n: "reject" },
      ...{ "field:reject:reason": "mine", "field:reject_keep:reason": "the other's", reason: "nobody's" },
    };
    await stage.connector.deliver(
      stage.connector.activity(SARAH, message.conversation, {
        ...{ type: "invoke", name: "adaptiveCard/action", replyToId: message.id },
        value: { action: { data } },
      }),
    );
    expect(stage.gestures[0]).toMatchObject({ filled: { reason: "mine" } });
  });

  it("of another revision than its button stays away, and comes when the button is pressed", async () => {
    stage.answerWith(application());
    stage.standBehind(() => ({
      ...{ approvers: [] },
      forms: [{ ...rejectForm, intent: { ...rejectForm.intent, revision: 2 } }],
    }));
    const { card } = await stage.connector.press(SARAH, await posted(), "Reject");
    expect(buttonsOn(card).map(({ title }) => title)).toEqual(["Send", "Back"]);
  });
});

describe("a form", () => {
  it("opens within the card, for whoever pressed and nobody else", async () => {
    stage.answerWith(application());
    const message = await posted(channel(REVIEW));
    const { card } = await stage.connector.press(SARAH, message, "Reject");
    expect(wordsOn(card)).toContain("The agent is told your reason.");
    expect(wordsOn(card)).toContain("As it stands");
    expect(buttonsOn(stage.connector.view(JAMES, message)).map(({ title }) => title)).toContain("Approve");
    expect(buttonsOn(card).map(({ title }) => title)).toEqual(["Send", "Back"]);
  });

  it("brings back what was filled in, and shows the card when it is done", async () => {
    stage.answerWith(application());
    const message = await posted();
    await stage.connector.press(SARAH, message, "Reject");
    const { card } = await stage.connector.press(SARAH, message, "Send", {
      reason: "true",
      percent: 12.5,
      again: false,
    });
    expect(stage.gestures.find(({ kind }) => kind === "submit")).toMatchObject({
      token: "token.reject.esc_1.1",
      filled: { reason: "true", percent: "12.5", again: false, how: "b" },
    });
    expect(wordsOn(card)).toContain("As it stands");
  });

  it("with problems stays open, with what was typed", async () => {
    stage.answerWith(application({ kind: "fields", problems: { reason: "Say why.", other: "And this." } }));
    const message = await posted();
    await stage.connector.press(SARAH, message, "Reject");
    const { card } = await stage.connector.press(SARAH, message, "Send", { reason: "   x", again: false });
    expect(wordsOn(card)).toContain("Say why.");
    expect(wordsOn(card)).toContain("other: And this.");
    expect(JSON.stringify(card)).toContain('"value":"   x"');
    expect(buttonsOn(card).map(({ title }) => title)).toEqual(["Send", "Back"]);
  });

  it("is left by going back to the card", async () => {
    stage.answerWith(application());
    const message = await posted();
    await stage.connector.press(SARAH, message, "Reject");
    const { card } = await stage.connector.press(SARAH, message, "Back");
    expect(wordsOn(card)).toBe("As it stands");
  });

  it("that Teams can't hold is opened in the console instead of being shortened", async () => {
    const big: Form = {
      ...rejectForm,
      fields: [{ kind: "lines", name: "body", label: "Body", optional: false, value: "x".repeat(3_001) }],
    };
    stage.answerWith(() => ({ kind: "form", form: big }));
    const { words } = await stage.connector.press(SARAH, await posted(), "Reject");
    expect(words).toContain(CONSOLE);
  });
});
