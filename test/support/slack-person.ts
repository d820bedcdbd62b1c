/** Somebody in the Slack workspace: reads their messages, presses buttons, fills in what opens. */
import {
  type Answer,
  buttonsOn,
  type Message,
  type Notice,
  type SlackWorkspace,
  type View,
  wordsOn,
} from "./slack-workspace/index.ts";

type Place = Pick<Message, "channel" | "ts">;
/** Field name → what is entered: text, a number, a tick, the value of a choice. */
type Filling = Readonly<Record<string, string | number | boolean>>;

export interface SlackPerson {
  readonly id: string;
  /** The cards in their direct messages, oldest first: no threads, no plain words. */
  cards(): readonly Message[];
  /** The latest of them. */
  card(): Message;
  /** Presses a button by its label, on the latest card unless another is given. */
  press(label: string, on?: Place): Promise<Answer>;
  /** Presses, and waits for the words that only they see. */
  ask(label: string, on?: Place): Promise<string>;
  /** The card of the open request that says these words; where it shares one, opened from there for them alone. */
  request(words: string): Promise<Message>;
  /** Presses what opens a window, and waits for it. */
  open(label: string, on?: Place): Promise<View>;
  /** Opens a form, fills it in and sends it; answers with what stands beside the fields. */
  fill(label: string, filling: Filling, on?: Place): Promise<Readonly<Record<string, string>>>;
  /** Sends the form in front of them. */
  send(filling: Filling): Promise<Readonly<Record<string, string>>>;
  /** The window in front of them. */
  view(): View | undefined;
  /** `/agent …`: the words of the answer that only they see. */
  agent(words: string, channel?: string): Promise<string>;
  /** The latest message that only they see. */
  aside(): Message;
  /** Its words; empty where there is none. */
  told(): string;
  /** What Slack itself told them: failures. */
  notices(): readonly Notice[];
}

export function slackPerson(slack: SlackWorkspace, id: string): SlackPerson {
  const cards = () => cardsIn(slack.dm(id));
  const card = () => {
    const latest = cards().at(-1);
    if (latest === undefined) throw new Error(`${id} has no card`);
    return latest;
  };
  const view = () => slack.views(id).at(-1);
  const aside = () => {
    const latest = slack.ephemerals(id).at(-1);
    if (latest === undefined) throw new Error(`${id} was told nothing`);
    return latest;
  };
  const told = () => (slack.ephemerals(id).length === 0 ? "" : read(aside()));
  const send = async (filling: Filling) => {
    const open = view();
    if (open === undefined) throw new Error(`${id} has no form in front of them; they were told: ${told()}`);
    const values = Object.entries(filling).map(([name, value]) => [
      `field:${name}`,
      typeof value === "boolean" ? (value ? ["yes"] : []) : value,
    ]);
    return (await slack.submitView(id, open.id, Object.fromEntries(values))).errors;
  };
  const press: SlackPerson["press"] = (label, { channel, ts } = card()) =>
    slack.press(id, { channel, ts }, label);
  const open: SlackPerson["open"] = async (label, on) => {
    const before = view()?.id;
    await press(label, on);
    // Slack is answered first, and the window opens then.
    return slack.until(() => (view()?.id === before ? undefined : view()), `a window for ${id}`);
  };
  const ask: SlackPerson["ask"] = async (label, on) => {
    const before = slack.ephemerals(id).length;
    await press(label, on);
    await slack.until(() => slack.ephemerals(id).length > before, `words for ${id}`);
    return told();
  };
  return {
    id,
    cards,
    card,
    press,
    ask,
    async request(words) {
      // What is settled leaves one button, the way to the console.
      const says = (message: Message) =>
        read(message).includes(words) && buttonsOn(message.blocks).length > 1;
      const isList = (message: Message) => buttonsOn(message.blocks).some(({ text }) => text === "Open");
      const own = cards().find((one) => says(one) && !isList(one));
      if (own !== undefined) return own;
      for (const list of cards().filter(isList)) {
        for (const { actionId, text } of buttonsOn(list.blocks)) {
          if (text !== "Open") continue;
          const before = slack.ephemerals(id).length;
          await press(actionId, list);
          // Words about an earlier press may still be on their way: a card has buttons.
          const opened = await slack.until(
            () =>
              slack
                .ephemerals(id)
                .slice(before)
                .find((one) => buttonsOn(one.blocks).length > 0),
            `a request for ${id}`,
          );
          if (says(opened)) return opened;
        }
      }
      throw new Error(`No card of ${id} says ${words}`);
    },
    open,
    async fill(label, filling, on) {
      await open(label, on);
      return send(filling);
    },
    send,
    view,
    async agent(words, channel) {
      await slack.slash(id, "/agent", words, channel);
      return told();
    },
    aside,
    told,
    notices: () => slack.seen(id),
  };
}

/** Messages of Holdpoint that stand by themselves. */
export function cardsIn(messages: readonly Message[]): readonly Message[] {
  return messages.filter(({ metadata, threadTs }) => metadata !== undefined && threadTs === undefined);
}

/** All words of a message, one line per text. */
export function read(message: Pick<Message, "blocks">): string {
  return wordsOn(message.blocks);
}

export function readView(view: View | undefined): string {
  const blocks = view?.content.blocks;
  return Array.isArray(blocks) ? wordsOn(blocks) : "";
}
