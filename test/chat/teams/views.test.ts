/** In a channel everybody reads the request, and only those who may decide see its buttons. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BehindCard } from "../../../src/application/ports.ts";
import type { Card } from "../../../src/cards/card.ts";
import type { PersonId } from "../../../src/domain/ids.ts";
import type { Person } from "../../../src/domain/people.ts";
import { faultsIn } from "../../support/teams-connector/card-check.ts";
import { buttonsOn, type Message, wordsOn } from "../../support/teams-connector/index.ts";
import { at } from "../../support/teams-connector/json.ts";
import { askingCard } from "../stage.ts";
import {
  ABSENT,
  channel,
  JAMES,
  person,
  REVIEW,
  SALES,
  SARAH,
  type Stage,
  settledCard,
  startStage,
} from "./teams-stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await startStage();
  stage.standBehind(() => behind([sarah]));
  stage.answerWith((gesture) =>
    gesture.kind === "press" && gesture.token.includes(".show.")
      ? { kind: "card", card: current }
      : { kind: "done", words: "You approved this." },
  );
  current = askingCard();
});
afterEach(() => stage.close());

/** The request as the application would draw it now. */
let current: Card;
const someone = (id: string, name: string, teams?: string): Person => ({
  id: id as PersonId,
  name,
  accounts: teams === undefined ? {} : { teams },
  roles: [],
});
const sarah = someone("sarah", "Sarah Chen", SARAH.toUpperCase());
const elena = someone("cmo", "Elena Rossi");
const behind = (approvers: readonly Person[]): BehindCard => ({ forms: [], approvers });

async function posted(address = channel(REVIEW)): Promise<Message> {
  const drawn = await stage.platform.post(address, current, "mark-1", null);
  const message = stage.connector.in(
    address.kind === "person" ? stage.connector.chat(address.id) : address.id,
  )[0];
  if (message === undefined) throw new Error(`no card: ${JSON.stringify(drawn)}`);
  return message;
}
const labels = (who: string, message: Message) =>
  buttonsOn(stage.connector.view(who, message)).flatMap(({ title, url }) =>
    url === undefined ? [title] : [],
  );

describe("a request in a channel", () => {
  it("shows its buttons to those who may decide, and to others who they are", async () => {
    const message = await posted();
    const all = stage.connector.card(message);
    expect(faultsIn(all)).toEqual([]);
    expect(wordsOn(all)).toContain("Only Sarah Chen can decide this; its buttons are shown to them.");
    expect(wordsOn(all)).toContain("Reply to Dana about GDPR");
    expect(labels(JAMES, message)).toEqual([]);
    expect(await stage.connector.refresh(JAMES, message)).toBeUndefined();
    await stage.connector.refresh(SARAH, message);
    expect(labels(SARAH, message)).toEqual(["Approve", "Reject"]);
    expect(wordsOn(stage.connector.view(SARAH, message))).not.toContain("Only Sarah");
  });

  it("is only looked at by a client that asks by itself, whatever token it sends", async () => {
    const message = await posted();
    const own = await stage.connector.refresh(SARAH, message);
    expect(own?.status).toBe(200);
    const forged = stage.connector.activity(SARAH, message.conversation, {
      type: "invoke",
      name: "adaptiveCard/action",
      replyToId: message.id,
      value: { action: { data: { t: "token.approve.esc_1.1" } }, trigger: "automatic" },
    });
    await stage.connector.deliver(forged);
    expect(stage.gestures).toHaveLength(2);
    for (const gesture of stage.gestures)
      expect(gesture).toMatchObject({ kind: "press", token: "token.show.esc_1.0", message: null });
  });

  it("keeps its buttons from somebody who asks for them by hand", async () => {
    const message = await posted();
    const own = await stage.connector.refresh(JAMES, message, "manual");
    expect(wordsOn(own?.card)).toContain("Only Sarah Chen can decide this");
    expect(labels(JAMES, message)).toEqual([]);
  });

  it("changes what everybody sees, and what the approvers see with it", async () => {
    const message = await posted();
    await stage.connector.refresh(SARAH, message);
    const ref = { conversation: message.conversation, activity: message.id };
    current = askingCard("Reply to Dana about HIPAA", 2);
    await stage.platform.update(ref, current, "mark-1");
    await stage.connector.refresh(SARAH, message);
    expect(wordsOn(stage.connector.view(SARAH, message))).toContain("HIPAA");
    expect(labels(SARAH, message)).toEqual(["Approve", "Reject"]);
    await stage.platform.update(ref, settledCard("Approved by Sarah"), "mark-1");
    for (const who of [SARAH, JAMES])
      expect(wordsOn(stage.connector.view(who, message))).toBe("Approved by Sarah");
    expect(stage.connector.card(message)?.refresh).toBeUndefined();
  });

  it("names at most sixty people to Teams, and five to readers", async () => {
    const many = Array.from({ length: 70 }, (_, n) => someone(`p${n}`, `Person ${n}`, SARAH));
    stage.standBehind(() => behind(many));
    const all = stage.connector.card(await posted());
    expect(at(all, "refresh", "userIds")).toHaveLength(60);
    expect(wordsOn(all)).toContain(
      "Only Person 0, Person 1, Person 2, Person 3, Person 4 or 65 more can decide",
    );
  });

  it("asks Teams once for each person's id there", async () => {
    await posted();
    stage.clock.advance(5_000);
    await posted(channel(SALES));
    expect(stage.connector.calls("member")).toHaveLength(1);
  });

  it("whose approvers are not there is read by all and decided elsewhere", async () => {
    stage.standBehind(() => behind([someone("absent", "Somebody Else", ABSENT), elena]));
    const message = await posted();
    expect(labels(JAMES, message)).toEqual([]);
    expect(wordsOn(stage.connector.card(message))).toContain("Only Somebody Else or Elena Rossi can decide");
    expect(buttonsOn(stage.connector.card(message)).map(({ title }) => title)).toEqual([
      "Open in the console",
    ]);
  });

  it("has its buttons for all when Teams can't say who anybody is: nobody else's press counts anyway", async () => {
    stage.connector.fault({ on: "member", kind: "status", status: 503 });
    expect(labels(JAMES, await posted())).toEqual(["Approve", "Reject"]);
  });

  it("still calls the people it asks", async () => {
    const named = { kind: "person" as const, id: "sarah", name: "Sarah Chen", accounts: { teams: SARAH } };
    current = { ...current, blocks: [{ kind: "text", text: [named] }, ...current.blocks] };
    expect(stage.connector.card(await posted())?.msteams).toMatchObject({
      entities: [{ mentioned: { id: SARAH } }],
    });
  });

  it("reminds with a button that shows the request, and none that does more", async () => {
    const { blocks } = current;
    const [decide] = blocks.flatMap((block) => (block.kind === "buttons" ? block.buttons : []));
    if (decide === undefined) throw new Error("no button");
    const button = (verb: "show" | "acknowledge", label: string) =>
      ({ ...decide, label, intent: { ...decide.intent, verb } }) as const;
    const buttons = [button("show", "Decide"), button("acknowledge", "I'm on it")];
    current = { ...current, blocks: [{ kind: "buttons", buttons }] };
    expect(labels(JAMES, await posted())).toEqual(["Decide"]);
  });
});

describe("a client's own question", () => {
  it("that can't be answered leaves the card as it is, without a word to anybody", async () => {
    const message = await posted();
    stage.answerWith(() => Promise.reject(new Error("the disk is full")));
    const activity = stage.connector.activity(SARAH, message.conversation, {
      type: "invoke",
      name: "adaptiveCard/action",
      replyToId: message.id,
      value: { action: { data: { t: "token.show.esc_1.0", r: "yes" } }, trigger: "automatic" },
    });
    expect(await stage.connector.deliver(activity)).toMatchObject({
      status: 200,
      body: { statusCode: 500, type: "application/vnd.microsoft.error" },
    });
  });
});

describe("a request in somebody's own chat", () => {
  it("has its buttons at once, and nothing to ask for", async () => {
    const message = await posted(person(SARAH));
    expect(labels(SARAH, message)).toEqual(["Approve", "Reject"]);
    expect(stage.connector.card(message)?.refresh).toBeUndefined();
    expect(stage.connector.calls("member")).toEqual([]);
  });

  it("that they only asked to see shows who decides", async () => {
    stage.standBehind(() => undefined);
    const message = await posted();
    stage.standBehind(() => behind([sarah]));
    stage.answerWith(() => ({ kind: "card", card: current }));
    await stage.connector.press(JAMES, message, "Approve");
    const [aside] = stage.connector.in(stage.connector.chat(JAMES));
    expect(wordsOn(stage.connector.card(aside))).toContain("Only Sarah Chen can decide this");
  });
});
