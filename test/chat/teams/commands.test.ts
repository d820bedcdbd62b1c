/** What people type, flag and install in Teams becomes a gesture, and is answered where they would look for it. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buttonsOn, wordsOn } from "../../support/teams-connector/index.ts";
import { askingCard } from "../stage.ts";
import {
  JAMES,
  person,
  REVIEW,
  rejectForm,
  SARAH,
  type Stage,
  settledCard,
  startStage,
} from "./teams-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
});
afterEach(() => stage.close());

describe("a command", () => {
  const commands = () => stage.gestures.flatMap((one) => (one.kind === "command" ? [one.words] : []));

  it("is taken from a personal chat and from a mention in a channel", async () => {
    await stage.connector.say(SARAH, "pause trial-nurture for 2h");
    await stage.connector.say(SARAH, "agent pause trial-nurture&nbsp;for 2h");
    await stage.connector.say(JAMES, "pause trial-nurture for 2h", `${REVIEW};messageid=7`);
    expect(commands()).toEqual(Array.from({ length: 3 }, () => "pause trial-nurture for 2h"));
  });

  it("is answered where it was given: with a card, in words, or with a form", async () => {
    stage.answerWith(() => ({ kind: "card", card: settledCard("Paused") }));
    await stage.connector.say(SARAH, "pause x", `${REVIEW};messageid=7`);
    const [answer] = stage.connector.in(REVIEW);
    expect(answer?.conversation).toBe(`${REVIEW};messageid=7`);
    expect(wordsOn(stage.connector.card(answer))).toBe("Paused");

    stage.answerWith(() => ({ kind: "refused", words: "There is **no** agent <at>x</at>" }));
    await stage.connector.say(SARAH, "pause y");
    expect(stage.connector.in(stage.connector.chat(SARAH)).at(-1)?.activity).toMatchObject({
      text: "There is **no** agent <at>x</at>",
      textFormat: "plain",
    });

    stage.answerWith(() => ({
      kind: "form",
      form: { ...rejectForm, intent: { ...rejectForm.intent, on: "all" } },
    }));
    await stage.connector.say(SARAH, "flag");
    const form = stage.connector.in(stage.connector.chat(SARAH)).at(-1);
    expect(buttonsOn(stage.connector.card(form)).map(({ title }) => title)).toEqual(["Send"]);
    stage.answerWith(() => ({ kind: "done", words: "Thank you." }));
    expect(await stage.connector.press(SARAH, form, "Send", { reason: "x" })).toMatchObject({
      words: "Thank you.",
    });
  });
});

describe("a command in a channel", () => {
  const thread = `${REVIEW};messageid=7`;
  const inThread = () =>
    stage.connector.in(REVIEW).map((message) => [message.activity.text, message.conversation]);
  const inChat = () =>
    stage.connector.in(stage.connector.chat(SARAH)).map((one) => stage.connector.card(one));

  it("is answered there where it concerns everybody", async () => {
    stage.answerWith(() => ({ kind: "card", card: settledCard("Trial nurture is paused") }));
    for (const words of ["pause trial-nurture", "status trial-nurture", "list"])
      await stage.connector.say(SARAH, words, thread);
    expect(inThread()).toEqual([1, 2, 3].map(() => [undefined, thread]));
    expect(inChat()).toEqual([]);
  });

  it.each(["queue", "help"])(
    "is answered in their own chat where it concerns nobody else: %s",
    async (words) => {
      stage.answerWith(() => ({ kind: "card", card: settledCard("For you") }));
      await stage.connector.say(SARAH, words, thread);
      expect(inChat().map(wordsOn)).toEqual(["For you"]);
      expect(inThread()).toEqual([["I have sent it to you in our own chat.", thread]]);
    },
  );

  it("opens no form for all to fill in", async () => {
    stage.answerWith(() => ({ kind: "form", form: rejectForm }));
    await stage.connector.say(SARAH, "flag trial-nurture", thread);
    expect(inChat().map(wordsOn)).toEqual([expect.stringContaining("The agent is told your reason.")]);
    expect(inThread()).toEqual([["I have sent it to you in our own chat.", thread]]);
  });
});

describe("a flag", () => {
  const link = "https://teams.microsoft.com/l/message/19:x/1";

  it("opens a window on the message, and is raised once however often it is sent", async () => {
    stage.answerWith((gesture) =>
      gesture.kind === "submit" ? { kind: "done", words: "Thank you." } : { kind: "form", form: rejectForm },
    );
    const { dialog } = await stage.connector.flag(SARAH, { id: "1", link });
    expect(stage.gestures[0]).toMatchObject({ kind: "flag", about: link });
    for (let times = 0; times < 3; times += 1)
      expect(await stage.connector.sendDialog(SARAH, dialog, { reason: "odd" })).toMatchObject({
        words: "Thank you.",
      });
    expect(stage.gestures.filter(({ kind }) => kind === "submit")).toHaveLength(1);
    stage.clock.advance(61_000);
    await stage.connector.sendDialog(SARAH, dialog, { reason: "odd" });
    expect(stage.gestures.filter(({ kind }) => kind === "submit")).toHaveLength(2);
  });

  it("with problems keeps its window", async () => {
    stage.answerWith((gesture) =>
      gesture.kind === "submit"
        ? { kind: "fields", problems: { reason: "Say it." } }
        : { kind: "form", form: rejectForm },
    );
    const { dialog } = await stage.connector.flag(SARAH, { id: "1", link });
    const again = await stage.connector.sendDialog(SARAH, dialog, { reason: "x" });
    expect(wordsOn(again.dialog)).toContain("Say it.");
  });
});

describe("whoever installs the app", () => {
  it("is shown their home, and can be written to from then on", async () => {
    stage.answerWith(() => ({ kind: "card", card: settledCard("Welcome") }));
    await stage.connector.install(SARAH);
    expect(stage.gestures[0]).toMatchObject({ kind: "home", from: { id: SARAH } });
    expect(wordsOn(stage.connector.card(stage.connector.in(stage.connector.chat(SARAH))[0]))).toBe("Welcome");
    await stage.platform.post(person(SARAH), askingCard(), "mark-1", null);
    expect(stage.connector.calls("create")).toEqual([]);
  });

  it("and takes it away again is forgotten", async () => {
    await stage.connector.install(SARAH);
    expect([...stage.notes.keys()]).toContain(`teams:person:${SARAH}`);
    await stage.connector.install(SARAH, "remove");
    expect([...stage.notes.keys()]).not.toContain(`teams:person:${SARAH}`);
  });
});
