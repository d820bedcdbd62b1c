/** The loopback workspace as the people's chat: signed clicks, forms and commands, exactly as Slack would send them. */
import manifest from "../../manifests/slack.json" with { type: "json" };
import {
  buttonsOn,
  type Message,
  type SlackWorkspace,
  startSlackWorkspace,
  type View,
  wordsOn,
} from "../../test/support/slack-workspace/index.ts";
import { CAST, type CastMember } from "./cast.ts";
import type { Chat, Hands, Values } from "./chat.ts";
import { insist } from "./proofs.ts";

/** Clicks of each of the two who race. */
const CLICKS = 25;
const PEOPLE = Object.values(CAST);

export async function openSlackChat(): Promise<Chat & { readonly workspace: SlackWorkspace }> {
  const members = PEOPLE.map(({ slack }) => slack);
  const workspace = await startSlackWorkspace({
    manifest,
    users: PEOPLE.map(({ id, name, slack }) => ({
      ...{ id: slack, name: id, real_name: name, profile: { display_name: name } },
    })),
    channels: [
      { id: "C0REVIEW", name: "agent-review", members },
      { id: "C0AGENTS", name: "agents", members },
    ],
  });
  const pageOf = ({ slack }: CastMember) => `${workspace.url}?user=${slack}`;
  return {
    workspace,
    name: "Slack",
    env: {
      SLACK_BOT_TOKEN: workspace.botToken,
      SLACK_SIGNING_SECRET: workspace.signingSecret,
      SLACK_API_URL: workspace.apiUrl,
    },
    join: async (holdpointUrl) => workspace.setEventsUrl(`${holdpointUrl}/slack/events`),
    pageOf,
    places: [`Slack workspace   ${pageOf(CAST.sarah)}`],
    beingOthers: "You are all of its people: change who you are at the top right of the workspace.",
    command: (words) => `/agent ${words}`,
    hands: handsIn(workspace),
    closing() {
      const violations = workspace.violations();
      insist(violations.length === 0, "no call went beyond Slack's rates", violations);
      return `${workspace.calls().length} calls to Slack, none of them beyond its rates`;
    },
    close: () => workspace.close(),
  };
}

function handsIn(workspace: SlackWorkspace): Hands {
  const at = ({ channel, ts }: Message) => ({ channel, ts });

  /** The card in somebody's direct messages that holds these words, once it stands there. */
  const card = (who: CastMember, words: string): Promise<Message> =>
    workspace.until(
      () =>
        workspace
          .dm(who.slack)
          .find(({ blocks, threadTs }) => !threadTs && JSON.stringify(blocks).includes(words)),
      `the card of ${words} in ${who.name}'s messages`,
    );

  const press = async (who: CastMember, where: Message, label: string): Promise<void> => {
    const answer = await workspace.press(who.slack, at(where), label);
    if (answer.outcome !== "acknowledged")
      throw new Error(`${who.name} pressed ${label}, and the click was ${answer.outcome} (${answer.status})`);
  };

  /** Fills in the form in front of somebody, by the labels they read, and sends it. */
  const send = async (who: CastMember, values: Values): Promise<void> => {
    const view = await workspace.until(
      () => workspace.views(who.slack).at(-1),
      `a form in front of ${who.name}`,
    );
    const entered = Object.entries(values).map(
      ([label, value]) => [blockCalled(view, label), value] as const,
    );
    const { outcome, errors } = await workspace.submitView(who.slack, view.id, Object.fromEntries(entered));
    if (outcome !== "acknowledged" || Object.keys(errors).length > 0)
      throw new Error(`${who.name}'s form was ${outcome}: ${JSON.stringify(errors)}`);
  };

  /** What only this person was shown since `seen` messages ago, once there is something. */
  const shown = (who: CastMember, seen: number): Promise<Message> =>
    workspace.until(() => workspace.ephemerals(who.slack)[seen], `words for ${who.name} alone`);

  const type = async (who: CastMember, words: string): Promise<Message> => {
    const seen = workspace.ephemerals(who.slack).length;
    const answer = await workspace.slash(who.slack, "/agent", words);
    if (answer.outcome !== "acknowledged") throw new Error(`/agent ${words} was ${answer.outcome}`);
    return shown(who, seen);
  };

  const fill: Hands["fill"] = async ({ who, label }, words, values) => {
    await press(who, await card(who, words), label);
    await send(who, values);
  };

  return {
    scripted: true,
    press: async ({ who, label }, escalation) => press(who, await card(who, escalation), label),
    fill,
    type: async (who, words) => wordsOn((await type(who, words)).blocks),

    async race(escalation, his, hers) {
      const where = await card(his.who, escalation);
      const answer = await type(hers.who, hers.command);
      const seen = workspace.ephemerals(hers.who.slack).length;
      await press(hers.who, answer, "Open the request");
      const opened = await shown(hers.who, seen);
      await Promise.all(
        Array.from({ length: CLICKS }, () => [
          press(his.who, where, his.label),
          press(hers.who, opened, hers.label),
        ]).flat(),
      );
      const told = () =>
        [his.who, hers.who]
          .flatMap(({ slack }) => workspace.ephemerals(slack))
          .filter(({ blocks, text }) => /was quicker|You have already/.test(`${text} ${wordsOn(blocks)}`));
      const late = async () => {
        await workspace.until(
          () => told().length === 2 * CLICKS - 1,
          "all but one click told that somebody was quicker",
        );
        return told().length;
      };
      return { clicks: 2 * CLICKS, late };
    },

    async flag(who, values) {
      await workspace.shortcut(who.slack, "something_feels_off");
      await send(who, values);
    },
    answerFlag: (who, words, values) => fill({ who, label: "Answer" }, words, values),

    async settled({ word, by, at: when, about }) {
      const said = await workspace.until(
        () =>
          PEOPLE.flatMap(({ slack }) => workspace.dm(slack)).find(({ blocks, threadTs }) => {
            const all = JSON.stringify(blocks);
            const words = wordsOn(blocks);
            const isTimely = when === null || all.includes(String(Math.floor(when / 1_000)));
            const saysIt = all.includes(about) && words.includes(word) && words.includes(by.slack);
            return !threadTs && isTimely && saysIt;
          }),
        `a card that says “${word} by ${by.name}” and when`,
      );
      return buttonsOn(said.blocks).map(({ text }) => text);
    },
  };
}

interface LabelledBlock {
  readonly block_id?: string;
  readonly label?: { readonly text?: string };
}

function blockCalled(view: View, label: string): string {
  const blocks = (view.content.blocks ?? []) as readonly LabelledBlock[];
  const found = blocks.find((block) => block.label?.text === label)?.block_id;
  if (found) return found;
  const labels = blocks.flatMap((block) => block.label?.text ?? []);
  throw new Error(`The form has no field called ${label}; it has ${labels.join(", ")}`);
}
