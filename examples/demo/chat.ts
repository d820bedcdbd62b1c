/** Where the people of the story sit: a Slack workspace on this machine, or Microsoft's Agents Playground. */
import type { CastMember } from "./cast.ts";

export interface Chat {
  readonly name: "Slack" | "Teams";
  /** What Holdpoint has to be told to use it. */
  readonly env: Readonly<Record<string, string>>;
  /** Joins it to Holdpoint, once that listens. */
  join(holdpointUrl: string): Promise<void>;
  /** What somebody opens to be one of the people. */
  pageOf(who: CastMember): string;
  /** Where to look: a name and an address in each line. */
  readonly places: readonly string[];
  /** How to be somebody else there. */
  readonly beingOthers: string;
  /** A command, as it is written there. */
  command(words: string): string;
  readonly hands: Hands;
  /** What has to hold of the whole day, in one sentence; throws where it does not. */
  closing(): string;
  close(): Promise<void>;
}

/** Field labels, as people read them → what they fill in. */
export type Values = Readonly<Record<string, string>>;

export interface Press {
  readonly who: CastMember;
  readonly label: string;
}

/** What people do there. */
export interface Hands {
  /** Whether the script does it for them; else whoever is at the keyboard is asked to. */
  readonly scripted: boolean;
  /** Presses a button on the card of an escalation. */
  press(press: Press, escalation: string): Promise<void>;
  /** Presses a button of it, and fills in the form it opens. */
  fill(press: Press, escalation: string, values: Values): Promise<void>;
  /** Types a command; resolves with the words of the answer. */
  type(who: CastMember, words: string): Promise<string>;
  /**
   * Two people press at the same moment, `hers` on the request that `command` has led her to. Resolves with how many clicks that
   * were, and how many of them were told that somebody was quicker.
   */
  race(
    escalation: string,
    his: Press,
    hers: Press & { readonly command: string },
  ): Promise<{ readonly clicks: number; readonly late: () => Promise<number> }>;
  /** Says that something feels off, whatever that takes there. */
  flag(who: CastMember, values: Values): Promise<void>;
  /** Answers the flag in front of somebody that has these words. */
  answerFlag(who: CastMember, words: string, values: Values): Promise<void>;
  /** Once a card says what was decided, by whom and when: the labels of the buttons it still has. */
  settled(decided: Settled): Promise<readonly string[]>;
}

export interface Settled {
  /** "Approved" */
  readonly word: string;
  readonly by: CastMember;
  /** Milliseconds; null where it is not known from elsewhere. */
  readonly at: number | null;
  /** What else it says: the escalation's id in a link, or words of its own. */
  readonly about: string;
}
