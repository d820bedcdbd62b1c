/** What the workspace is told when it starts, and what tests and the demo can do with it. */
import type { Submitted } from "./acts-in-modals.ts";
import type { EnteredValues, PressOptions, Surface } from "./acts-on-surfaces.ts";
import type { Changes } from "./changes.ts";
import type { Clock } from "./clock.ts";
import type { Answer, Deliver, Delivery } from "./deliver.ts";
import type { Place } from "./desk.ts";
import type { Fault, PlacedFault } from "./faults.ts";
import type { ChannelSeed, User, UserSeed } from "./people.ts";
import type { Violation } from "./rates.ts";
import type { ResponsePost } from "./response-urls.ts";
import type { Message, Notice, View } from "./state.ts";
import type { ApiCall } from "./web-api.ts";

export interface SlackWorkspaceOptions {
  readonly users: readonly UserSeed[];
  readonly channels: readonly ChannelSeed[];
  /** 0 picks a free one (the default). */
  readonly port?: number;
  /** Made at random when left out, as are the tokens. */
  readonly signingSecret?: string;
  readonly botToken?: string;
  /** What opens sockets; while one is open, everything goes there instead of to the events URL. */
  readonly appToken?: string;
  /** Where signed deliveries go over HTTP; settable later. */
  readonly eventsUrl?: string;
  /** Time for limits, deadlines, timestamps and retries (the system's). */
  readonly clock?: Clock;
  /** Time in signatures: what the app checks them against (`Date.now`). */
  readonly signingClock?: () => number;
  /** The parsed app manifest: then its commands, shortcuts, scopes and subscribed events count. */
  readonly manifest?: unknown;
  /** Whether calls beyond the rate get 429 (true). */
  readonly enforceRates?: boolean;
  readonly postBurst?: 1 | 2 | 3;
  readonly historyAccess?: "internal" | "restricted";
  /** Whether failed events come again after 0, 1 and 5 minutes (false). */
  readonly retryEvents?: boolean;
  /** Told of every Web API call, for people who watch. */
  readonly logger?: (call: ApiCall) => void;
}

/** One delivery to the app and what became of it. */
export interface Delivered {
  readonly at: number;
  readonly delivery: Delivery;
  readonly answer: Answer;
}

export interface SlackWorkspace {
  /** The page for people. */
  readonly url: string;
  /** For `SLACK_API_URL`. */
  readonly apiUrl: string;
  readonly botToken: string;
  readonly appToken: string;
  readonly signingSecret: string;
  readonly teamId: string;
  readonly appId: string;
  readonly botUserId: string;
  readonly botId: string;
  setEventsUrl(url: string | undefined): void;

  /** What stands in a channel, oldest first, replies included, ephemerals not. */
  channel(channelId: string): readonly Message[];
  /** What stands between the bot and a user. */
  dm(userId: string): readonly Message[];
  dmId(userId: string): string;
  /** The message as it is now, deleted or not, with its history. */
  message(place: Place): Message | undefined;
  ephemerals(userId: string): readonly Message[];
  /** The modals in front of a user, the visible one last. */
  views(userId: string): readonly View[];
  home(userId: string): View | undefined;
  /** What the client told a person by itself: time-outs, failed commands. */
  seen(userId: string): readonly Notice[];

  press(userId: string, where: Surface, target: string, options?: PressOptions): Promise<Answer>;
  submitView(userId: string, viewId: string, values?: EnteredValues): Promise<Submitted>;
  closeView(userId: string, viewId: string): Promise<Answer | undefined>;
  slash(userId: string, command: string, text: string, channelId?: string): Promise<Answer>;
  shortcut(userId: string, callbackId: string): Promise<Answer>;
  messageShortcut(userId: string, callbackId: string, place: Place): Promise<Answer>;
  openHome(userId: string): Promise<Answer | undefined>;
  dmBot(userId: string, text: string): Promise<Answer | undefined>;
  mention(userId: string, channelId: string, text: string): Promise<Answer | undefined>;
  say(userId: string, text: string, channelId?: string, threadTs?: string): Promise<Answer | undefined>;
  /** Slack's own question before it accepts an events URL. */
  verifyUrl(): Promise<Answer>;
  /** Any payload, signed: for replays and forgeries. */
  readonly deliver: Deliver;

  /** Adds a user or changes what is known of one (deactivated, made a guest, …). */
  putUser(seed: UserSeed): User;
  /** Removes a message as an administrator may. */
  removeMessage(place: Place): void;
  fault(fault: Fault): PlacedFault;
  calls(method?: string): readonly ApiCall[];
  /** Everything sent to the app, with its answers. */
  deliveries(): readonly Delivered[];
  violations(): readonly Violation[];
  responsePosts(): readonly ResponsePost[];
  readonly sockets: { count(): number; refresh(): void; cut(): void };
  /** Waits for something to come true, without sleeping. */
  readonly until: Changes["until"];
  close(): Promise<void>;
}
