/** Texts that want to be more than text, from the webhook to the card and back: shown as they are, obeyed by nobody. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AgentClient } from "../support/agent-client.ts";
import { HONEST_TEXTS, HOSTILE_TEXTS } from "../support/gallery/hostile-texts.ts";
import { type Holdpoint, PUBLIC_URL, startHoldpoint } from "../support/holdpoint.ts";
import { read } from "../support/slack-person.ts";
import { buttonsOn, type Message } from "../support/slack-workspace/index.ts";

let house: Holdpoint;
let agent: AgentClient;
beforeAll(async () => {
  house = await startHoldpoint();
  agent = await house.agent();
});
afterAll(() => house.end());
// Requests that crowd together would share a card: each of these is to be seen on its own.
beforeEach(() => house.pass(61_000));

const OURS = [
  ...[
    "Approve",
    "Edit and approve",
    "Answer",
    "Reject",
    "Reject, keep paused",
    "Dismiss",
    "I'm on it",
    "Reassign",
  ],
  ...["Open in the console", "Read everything"],
];
/** What can't be seen and changes how the rest is read. Joiners stay: honest scripts and emoji need them. */
const UNSEEN =
  /[[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u{AD}\u{115F}\u{180E}\u{200B}\u{2060}-\u{2064}\u{3164}\u{FEFF}\u{FFA0}]--[\n\t]]|[\u{E0100}-\u{E01EF}]/v;

/** The text in every field that takes one, as long as each may be. */
function requestWith(text: string) {
  const cut = (most: number) =>
    [...text]
      .slice(0, most / 2)
      .join("")
      .slice(0, most);
  return {
    summary: cut(300),
    reason: cut(2_000),
    subject: { type: "contact", id: cut(200), name: cut(200) },
    action: { name: "send_email", args: { body: cut(60_000), [cut(60)]: "named by the agent" } },
    options: [{ name: cut(75), title: cut(150) }],
    context: [{ label: cut(100), value: cut(8_000) }],
    transcript: [{ who: cut(100), text: cut(8_000) }],
    rep: "dana@example.com",
  };
}

/** Every object in the blocks, however deep. */
function parts(value: unknown): readonly Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(parts);
  if (typeof value !== "object" || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(parts)];
}

function obeysNobody(message: Message): void {
  expect(message.text.replace(/&(?:amp|lt|gt);/g, "")).not.toMatch(/[<>&]/);
  for (const part of parts(message.blocks)) {
    if (part.type === "mrkdwn") expect(String(part.text).replace(/&(?:amp|lt|gt);/g, "")).not.toMatch(/[<>]/);
    expect(part.type).not.toBe("broadcast");
    if (part.type === "user") expect(part.user_id).toMatch(/^U0(SARAH|JAMES|ELENA)$/);
    if (typeof part.url === "string") expect(part.url.startsWith(`${PUBLIC_URL}/`)).toBe(true);
  }
  for (const { text } of buttonsOn(message.blocks)) expect(OURS).toContain(text);
  expect(read(message)).not.toMatch(UNSEEN);
}

describe("a hostile text", () => {
  it.each(Object.entries(HOSTILE_TEXTS))(
    "(%s) is shown as text, within Slack's limits, and decides nothing",
    async (_, text) => {
      const raised = await agent.escalate({ ...requestWith(text), callback_url: house.receiver.url });
      // Text that is no Unicode is refused at the door.
      if (raised.status !== 202) {
        expect(raised.status).toBe(422);
        return;
      }
      const { id, action_digest: digest } = raised.body;
      await house.settle();
      const card = house.sarah.card();
      const thread = house.slack.dm("U0SARAH").filter(({ threadTs }) => threadTs === card.ts);
      expect(thread.length).toBeGreaterThan(0);
      for (const message of [card, ...thread]) obeysNobody(message);
      expect(read(card)).toContain("Trial nurture asks: approve send_email?");
      expect(read(card)).toContain(digest.slice("sha256:".length, "sha256:".length + 8));
      // What every keyboard has stands there letter by letter; the rest may be spelt out or cut.
      if (/^[ -~]+$/.test(text)) expect(read(card)).toContain(requestWith(text).summary);
      expect(read(card)).not.toContain("The details do not fit in Slack");
      expect((await agent.follow(id)).body).toMatchObject({ status: "open", delivery: { card: "shown" } });

      await house.sarah.press("Approve");
      await house.settle();
      for (const message of [house.sarah.card(), ...thread]) obeysNobody(message);
      expect((await agent.follow(id)).body.decision).toMatchObject({
        verdict: "approve",
        action_digest: digest,
      });
      expect(house.receiver.of("escalation.decided").at(-1)?.data.decision.args).toEqual(
        requestWith(text).action.args,
      );
    },
  );

  it("was refused by Slack on no card", () => {
    const refused = house.slack.calls().filter(({ ok, method }) => !ok && method.startsWith("chat."));
    expect(refused.map(({ method, error }) => `${method}: ${error}`)).toEqual([]);
  });
});

describe("an honest text", () => {
  it.each(Object.entries(HONEST_TEXTS))("(%s) stays readable as it is", async (_, text) => {
    await agent.escalate({ summary: text, reason: text });
    await house.settle();
    expect(read(house.sarah.card())).toContain(text);
    await house.sarah.press("Dismiss");
    await house.settle();
  });
});

describe("the log", () => {
  it("holds no words of agents, customers or people, and no secret", async () => {
    const canary = (name: string) => `canary-${name}-4711`;
    const { id } = (
      await agent.escalate({
        summary: canary("summary"),
        reason: canary("reason"),
        action: { name: "send_email", args: { body: canary("args") } },
        transcript: [{ who: canary("who"), text: canary("text") }],
        callback_url: `${house.receiver.url}?token=${canary("url")}`,
      })
    ).body;
    await house.settle();
    await house.sarah.fill("Reject", { reason: canary("answer") });
    await house.settle();
    expect((await agent.follow(id)).body.status).toBe("decided");
    const lines = JSON.stringify(house.log);
    expect(lines).toContain("a person did something");
    expect(lines).not.toContain("canary-");
    for (const secret of [agent.key, agent.signingSecret, house.slack.botToken, house.slack.signingSecret])
      expect(lines).not.toContain(secret);
  });
});
