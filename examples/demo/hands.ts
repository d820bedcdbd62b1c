/** The hands of people in the loopback workspace: signed clicks, forms and commands, exactly as Slack would send them. */
import {
  buttonsOn,
  type Message,
  type SlackWorkspace,
  type View,
} from "../../test/support/slack-workspace/index.ts";
import type { CastMember } from "./stage.ts";

type Values = Readonly<Record<string, string>>;

export function handsIn(workspace: SlackWorkspace) {
  const at = ({ channel, ts }: Message) => ({ channel, ts });

  /** The card of an escalation in somebody's direct messages, once it stands there. */
  const card = (who: CastMember, escalation: string): Promise<Message> =>
    workspace.until(
      () =>
        workspace
          .dm(who.slack)
          .find(({ blocks, threadTs }) => !threadTs && JSON.stringify(blocks).includes(escalation)),
      `the card of ${escalation} in ${who.name}'s messages`,
    );

  async function press(who: CastMember, where: Message, label: string): Promise<void> {
    const answer = await workspace.press(who.slack, at(where), label);
    if (answer.outcome !== "acknowledged")
      throw new Error(`${who.name} pressed ${label}, and the click was ${answer.outcome} (${answer.status})`);
  }

  /** Fills in the form in front of somebody, by the labels they read, and sends it. */
  async function send(who: CastMember, values: Values): Promise<void> {
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
  }

  /** What only this person was shown since `seen` messages ago, once there is something. */
  const shown = (who: CastMember, seen: number): Promise<Message> =>
    workspace.until(() => workspace.ephemerals(who.slack)[seen], `words for ${who.name} alone`);

  return {
    card,
    press,

    /** Presses a button of the card, and fills in the form it opens. */
    async fill(who: CastMember, escalation: string, label: string, values: Values): Promise<void> {
      await press(who, await card(who, escalation), label);
      await send(who, values);
    },

    /** Types a command; resolves with the answer that only they see. */
    async type(who: CastMember, words: string): Promise<Message> {
      const seen = workspace.ephemerals(who.slack).length;
      const answer = await workspace.slash(who.slack, "/agent", words);
      if (answer.outcome !== "acknowledged") throw new Error(`/agent ${words} was ${answer.outcome}`);
      return shown(who, seen);
    },

    /** Presses a button and resolves with what it shows to this person alone. */
    async open(who: CastMember, where: Message, label: string): Promise<Message> {
      const seen = workspace.ephemerals(who.slack).length;
      await press(who, where, label);
      return shown(who, seen);
    },

    /** Uses the shortcut "Something feels off". */
    async flag(who: CastMember, values: Values): Promise<void> {
      await workspace.shortcut(who.slack, "something_feels_off");
      await send(who, values);
    },

    send,

    labelsOn: (message: Message): readonly string[] => buttonsOn(message.blocks).map(({ text }) => text),
  };
}
export type Hands = ReturnType<typeof handsIn>;

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
