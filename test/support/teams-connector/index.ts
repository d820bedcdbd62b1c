/** A stand-in for Microsoft's Bot Connector and the people behind it: one tenant on loopback, with its keys, rates and limits. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  activityBy,
  dialogSubmission,
  execution,
  flagOn,
  installation,
  messageOf,
  refreshed,
  type Sender,
  submission,
} from "./activities.ts";
import { createFaults, type Fault } from "./faults.ts";
import { at, isJson, type Json, textAt } from "./json.ts";
import { createRates } from "./rates.ts";
import { buttonsOn, fieldsOn } from "./reading.ts";
import { createService, type Reply } from "./service.ts";
import {
  type ApiCall,
  type Channel,
  chatId,
  type Message,
  type Person,
  type State,
  userId,
  withoutThread,
} from "./state.ts";
import { createTokens, ISSUER, type Tokens, type TokenWishes } from "./tokens.ts";

export type { Fault } from "./faults.ts";
export type { Json } from "./json.ts";
export { buttonsOn, wordsOn } from "./reading.ts";
export type { Channel, Message, Person } from "./state.ts";

export interface ConnectorOptions {
  readonly people: readonly Person[];
  readonly channels: readonly Channel[];
  readonly appId: string;
  readonly tenantId: string;
  readonly password: string;
  /** For rates only: tokens live in real time. */
  readonly clock: { now(): number };
  /** Bytes of UTF-16 in one message; what we hold ourselves to, unless given. */
  readonly mostBytes?: number;
}

/** What Teams shows whoever did something. */
export interface Shown {
  readonly status: number;
  /** The card in place of the one that was pressed. */
  readonly card: Json | undefined;
  /** Words beside it, or in the window. */
  readonly words: string | undefined;
  readonly dialog: Json | undefined;
}

/** Field name → what is entered. */
export type Entered = Readonly<Record<string, string | number | boolean>>;

export interface TeamsConnector {
  readonly url: string;
  readonly tokens: Tokens;
  setBotUrl(url: string): void;
  botUrl(): string;
  /** From now on nobody can fetch Microsoft's keys. */
  hideKeys(): void;
  fault(fault: Fault): void;
  /** What stands in a person's chat or in a channel, oldest first. */
  in(place: string): readonly Message[];
  chat(person: string): string;
  card(message: Message | undefined): Json | undefined;
  calls(...kinds: readonly ApiCall["kind"][]): readonly ApiCall[];
  violations(): readonly string[];
  remove(conversation: string, id: string): void;
  block(person: string): void;
  /** As after the bot was registered anew: old conversations are no more. */
  forgetChats(person: string): void;
  /** Any activity, signed as Teams does unless wished otherwise; null for no token at all. */
  deliver(
    activity: Json,
    token?: TokenWishes | null,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
  activity(person: string, where: string | undefined, more: Json): Json;
  install(person: string, action?: "add" | "remove"): Promise<void>;
  say(person: string, words: string, channel?: string): Promise<void>;
  /** Presses a button by its title on the message as the person sees it, with what they entered. */
  press(person: string, message: Message | undefined, title: string, entered?: Entered): Promise<Shown>;
  /** The same from a client that can't execute. */
  submit(person: string, message: Message | undefined, title: string): Promise<void>;
  /** The card as this person sees it: their own view where they have one. */
  view(person: string, message: Message | undefined): Json | undefined;
  /** Asks for this person's own view, as their client does for whoever the card names; undefined where it does not. */
  refresh(
    person: string,
    message: Message | undefined,
    by?: "automatic" | "manual",
  ): Promise<Shown | undefined>;
  flag(person: string, message: { readonly id: string; readonly link: string }): Promise<Shown>;
  sendDialog(person: string, dialog: Json | undefined, entered: Entered): Promise<Shown>;
  close(): Promise<void>;
}

export async function startTeamsConnector(options: ConnectorOptions): Promise<TeamsConnector> {
  const { appId, tenantId, clock } = options;
  const state: State = {
    ...{ people: [...options.people], channels: [...options.channels], messages: [], calls: [] },
    ...{ blocked: new Set(), generations: new Map() },
  };
  const rates = createRates(() => clock.now());
  const faults = createFaults();
  const mostBytes = options.mostBytes ?? 25 * 1024;
  const serve = createService({ state, rates, faults, tenantId, appId, mostBytes, now: () => clock.now() });
  let url = "";
  const tokens = createTokens(appId, () => url);
  /** Cards that only one person sees, until the message is changed. */
  const views = new Map<string, { readonly card: Json; readonly updates: number }>();
  let botUrl = "";
  let keysAreHidden = false;

  const server = createServer(async (request, response) => {
    const bytes = await bytesOf(request);
    const path = request.url ?? "/";
    if (keysAreHidden && path.startsWith("/v1/")) return json(response, { status: 503, body: {} });
    if (path === "/v1/.well-known/openidconfiguration")
      return json(response, { status: 200, body: { issuer: ISSUER, jwks_uri: `${url}v1/keys` } });
    if (path === "/v1/keys") return json(response, { status: 200, body: tokens.jwks });
    if (path === "/oauth2/token") return json(response, giveToken(bytes));
    if (!tokens.holds(request.headers.authorization))
      return json(response, { status: 401, body: { error: { code: "Unauthorized", message: "no token" } } });
    json(response, serve(request.method ?? "GET", path, bodyIn(bytes)));
  });
  const giveToken = (bytes: string): Reply => {
    const asked = new URLSearchParams(bytes);
    const known = asked.get("client_id") === appId && asked.get("client_secret") === options.password;
    return known
      ? { status: 200, body: tokens.issue(appId) }
      : { status: 401, body: { error: "invalid_client" } };
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;

  const sender: Sender = { state, tenantId, appId, serviceUrl: url };
  const person = (id: string): Person => {
    const found = state.people.find((one) => one.id === id);
    if (found === undefined) throw new Error(`nobody has the id ${id}`);
    return found;
  };
  const activity = (id: string, where: string | undefined, more: Json) =>
    activityBy(sender, person(id), where, more);

  const deliver: TeamsConnector["deliver"] = async (given, wishes = {}) => {
    const response = await fetch(botUrl, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(wishes !== null && { authorization: `Bearer ${tokens.toBot(wishes)}` }),
      },
      body: JSON.stringify(given),
    });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };

  const cardOf = (message: Message | undefined): Json | undefined => {
    const content = at(
      Array.isArray(message?.activity.attachments) ? message.activity.attachments[0] : undefined,
      "content",
    );
    return isJson(content) ? content : undefined;
  };
  const viewKey = (id: string, message: Message) => `${id} ${message.conversation} ${message.id}`;
  const view = (id: string, message: Message | undefined): Json | undefined => {
    const own = message && views.get(viewKey(id, message));
    return own && own.updates === message.updates ? own.card : cardOf(message);
  };
  const dataFor = (id: string, message: Message, title: string, entered: Entered): Json => {
    const card = view(id, message);
    const button = buttonsOn(card).find((one) => one.title === title);
    if (button?.data === undefined)
      throw new Error(
        `no button "${title}", only ${buttonsOn(card)
          .map((one) => one.title)
          .join(", ")}`,
      );
    if (!button.sendsFields) return button.data;
    return { ...valuesIn(card, entered), ...valuesIn(button.opens, entered), ...button.data };
  };
  /** What the client of somebody named does by itself, when the card comes into sight and when it was changed. */
  const refresh: TeamsConnector["refresh"] = async (id, message, by = "automatic") => {
    const own = views.get(viewKey(id, known(message)));
    const asks = at(cardOf(message), "refresh");
    const isNamed = ((at(asks, "userIds") ?? []) as readonly unknown[]).includes(userId(id));
    if (asks === undefined || (by === "automatic" && !isNamed)) return undefined;
    if (by === "automatic" && own?.updates === known(message).updates) return undefined;
    const { conversation, id: on } = known(message);
    const answer = shown(await deliver(activity(id, conversation, refreshed(at(asks, "action"), on, by))));
    if (answer.card)
      views.set(viewKey(id, known(message)), { card: answer.card, updates: known(message).updates });
    return answer;
  };
  const known = (message: Message | undefined): Message => {
    if (message === undefined) throw new Error("there is no such message");
    return message;
  };

  return {
    url,
    tokens,
    setBotUrl(to) {
      botUrl = to;
    },
    botUrl: () => botUrl,
    hideKeys() {
      keysAreHidden = true;
    },
    fault: faults.add,
    in: (place) => state.messages.filter(({ conversation }) => withoutThread(conversation) === place),
    chat: (id) => chatId(state, id),
    card: cardOf,
    calls: (...kinds) => state.calls.filter(({ kind }) => kinds.includes(kind)),
    violations: () => rates.violations,
    remove(conversation, id) {
      const place = state.messages.findIndex((one) => one.conversation === conversation && one.id === id);
      if (place >= 0) state.messages.splice(place, 1);
    },
    block: (id) => void state.blocked.add(id),
    forgetChats: (id) => void state.generations.set(id, (state.generations.get(id) ?? 1) + 1),
    deliver,
    activity,
    async install(id, action = "add") {
      await deliver(activity(id, undefined, installation(action)));
    },
    async say(id, words, channel) {
      await deliver(activity(id, channel, messageOf(words, appId, channel !== undefined)));
    },
    async press(id, message, title, entered = {}) {
      const { conversation, id: on } = known(message);
      const data = dataFor(id, known(message), title, entered);
      const answer = shown(await deliver(activity(id, conversation, execution(data, on))));
      if (answer.card)
        views.set(viewKey(id, known(message)), { card: answer.card, updates: known(message).updates });
      return answer;
    },
    async submit(id, message, title) {
      const { conversation, id: on } = known(message);
      await deliver(activity(id, conversation, submission(dataFor(id, known(message), title, {}), on)));
    },
    view,
    refresh,
    async flag(id, message) {
      return shown(await deliver(activity(id, undefined, flagOn(message))));
    },
    async sendDialog(id, dialog, entered) {
      const [button] = buttonsOn(dialog).filter(({ data }) => data !== undefined);
      return shown(
        await deliver(
          activity(id, undefined, dialogSubmission({ ...valuesIn(dialog, entered), ...button?.data })),
        ),
      );
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** What the client sends with a button: each field's value, entered or given. */
function valuesIn(card: unknown, entered: Entered): Json {
  return Object.fromEntries(
    fieldsOn(card).flatMap((field) => {
      const id = String(field.id);
      const [, , name = id] = id.split(":");
      const value = Object.hasOwn(entered, name) ? entered[name] : field.value;
      if (field.isRequired === true && (value === undefined || value === ""))
        throw new Error(`the client asks for ${String(field.label)} before it sends anything`);
      return value === undefined ? [] : [[id, typeof value === "boolean" ? String(value) : value]];
    }),
  );
}

function shown({ status, body }: { readonly status: number; readonly body: unknown }): Shown {
  const value = at(body, "value");
  const isCard = textAt(body, "type") === "application/vnd.microsoft.card.adaptive";
  const task = at(body, "task");
  const dialog = at(task, "value", "card", "content");
  return {
    status,
    card: isCard && isJson(value) ? value : undefined,
    words: typeof value === "string" ? value : textAt(task, "value"),
    dialog: isJson(dialog) ? dialog : undefined,
  };
}

async function bytesOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function bodyIn(bytes: string): Json {
  if (bytes === "") return {};
  const value: unknown = JSON.parse(bytes);
  return isJson(value) ? value : {};
}

function json(response: ServerResponse, reply: Reply): void {
  if (reply.hangs) return;
  if (reply.lost) {
    response.destroy();
    return;
  }
  response
    .writeHead(reply.status, { "content-type": "application/json", ...reply.headers })
    .end(JSON.stringify(reply.body));
}
