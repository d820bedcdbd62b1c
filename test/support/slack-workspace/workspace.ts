/** A Slack workspace on loopback: stateful, strict about limits, driven by tests or by people in a browser. */
import { randomBytes } from "node:crypto";
import { closeView, submitView } from "./acts-in-modals.ts";
import { mention, openHome, say, shortcut, slash } from "./acts-in-words.ts";
import {
  type EnteredValues,
  messageShortcut,
  type PressOptions,
  press,
  type Surface,
} from "./acts-on-surfaces.ts";
import { createChanges } from "./changes.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Delivered, SlackWorkspace, SlackWorkspaceOptions } from "./contract.ts";
import { createDeliver, type Deliver, type Destination } from "./deliver.ts";
import type { Desk, Place } from "./desk.ts";
import { createFaults } from "./faults.ts";
import { listen } from "./http-server.ts";
import type { JsonObject } from "./json.ts";
import { openModals } from "./modals.ts";
import { performAct } from "./page-acts.ts";
import { createPage } from "./page-server.ts";
import { completeUser, installApp, type UserSeed } from "./people.ts";
import { createRates, type Violation } from "./rates.ts";
import { createResponseUrls } from "./response-urls.ts";
import { createSockets } from "./sockets.ts";
import { channelFrom, directMessages, messagesIn, replaceMessage, type State, timestamps } from "./state.ts";
import { type ApiCall, createWebApi } from "./web-api.ts";

export async function startSlackWorkspace(options: SlackWorkspaceOptions): Promise<SlackWorkspace> {
  const clock = options.clock ?? systemClock;
  const changes = createChanges();
  const state = createState(options, clock, () => changes.announce());
  const { app, team } = state;
  const tokens = {
    bot: options.botToken ?? `xoxb-${randomBytes(16).toString("hex")}`,
    app: options.appToken ?? `xapp-${randomBytes(16).toString("hex")}`,
  };
  const signingSecret = options.signingSecret ?? randomBytes(16).toString("hex");
  const destination: Destination = { eventsUrl: options.eventsUrl };
  const calls: ApiCall[] = [];
  const violations: Violation[] = [];
  const faults = createFaults();
  let port = options.port ?? 0;

  const sockets = createSockets(app.id, () => `ws://127.0.0.1:${port}/link`);
  const responseUrls = createResponseUrls(state, () => `http://127.0.0.1:${port}/response`);
  const deliveries: Delivered[] = [];
  const carry = createDeliver({
    clock,
    signingClock: options.signingClock ?? Date.now,
    signingSecret,
    sockets,
    destination,
  });
  const deliver: Deliver = async (delivery) => {
    const at = clock.now();
    const result = await carry(delivery);
    deliveries.push({ at, delivery, answer: result });
    changes.announce();
    return result;
  };
  const desk: Desk = { state, deliver, responseUrls, retriesEvents: options.retryEvents === true };
  const historyAccess = options.historyAccess ?? "internal";
  const answer = createWebApi({
    state,
    tokens,
    history: historyAccess,
    takeToken: createRates(clock, {
      enforced: options.enforceRates !== false,
      postBurst: options.postBurst ?? 1,
      history: historyAccess,
    }),
    faults,
    calls,
    violations,
    openConnection: () => sockets.openConnection(),
  });

  const acts = {
    press: (userId: string, where: Surface, target: string, how?: PressOptions) =>
      press(desk, userId, where, target, how),
    submitView: (userId: string, viewId: string, values?: EnteredValues) =>
      submitView(desk, userId, viewId, values),
    closeView: (userId: string, viewId: string) => closeView(desk, userId, viewId),
    slash: (userId: string, command: string, text: string, channelId?: string) =>
      slash(desk, userId, command, text, channelId),
    shortcut: (userId: string, callbackId: string) => shortcut(desk, userId, callbackId),
    messageShortcut: (userId: string, callbackId: string, place: Place) =>
      messageShortcut(desk, userId, callbackId, place),
    openHome: (userId: string) => openHome(desk, userId),
    say: (userId: string, text: string, channelId?: string, threadTs?: string) =>
      say(desk, userId, text, channelId, threadTs),
  };

  const page = createPage({
    state,
    changes,
    act: (act: JsonObject) => performAct(acts, act),
    inspect: () => ({ calls, violations, responsePosts: responseUrls.posts() }),
  });
  const listening = await listen(
    {
      api: async (request) => {
        const reply = await answer(request);
        const last = calls.at(-1);
        if (last !== undefined) options.logger?.(last);
        changes.announce();
        return reply;
      },
      responseUrls,
      sockets,
      page,
    },
    port,
  );
  port = listening.port;

  return {
    url: `http://127.0.0.1:${port}/`,
    apiUrl: `http://127.0.0.1:${port}/api/`,
    botToken: tokens.bot,
    appToken: tokens.app,
    signingSecret,
    teamId: team.id,
    appId: app.id,
    botUserId: app.botUserId,
    botId: app.botId,
    setEventsUrl(url) {
      destination.eventsUrl = url;
    },
    channel: (channelId) => messagesIn(state, channelId),
    dm: (userId) => messagesIn(state, directMessages(state, userId).id),
    dmId: (userId) => directMessages(state, userId).id,
    message: ({ channel, ts }) => state.messages.find((one) => one.channel === channel && one.ts === ts),
    ephemerals: (userId) => state.messages.filter(({ onlyFor, deleted }) => onlyFor === userId && !deleted),
    views: (userId) => openModals(state, userId),
    home: (userId) => state.homes.get(userId),
    seen: (userId) => state.notices.get(userId) ?? [],
    ...acts,
    dmBot: (userId, text) => say(desk, userId, text),
    mention: (userId, channelId, text) => mention(desk, userId, channelId, text),
    verifyUrl: () =>
      deliver({
        type: "events_api",
        payload: { token: "loopback", challenge: randomBytes(16).toString("hex"), type: "url_verification" },
      }),
    deliver,
    putUser(seed) {
      const known = state.users.get(seed.id);
      const user = completeUser(
        { ...known, ...seed, profile: { ...known?.profile, ...seed.profile } },
        team.id,
      );
      state.users.set(user.id, user);
      state.changed();
      return user;
    },
    removeMessage({ channel, ts }) {
      const message = state.messages.find((one) => one.channel === channel && one.ts === ts);
      if (message === undefined) throw new Error(`No message ${ts} in ${channel}`);
      replaceMessage(state, message, { deleted: true });
    },
    fault: (fault) => faults.place(fault),
    calls: (method) => (method === undefined ? calls : calls.filter((call) => call.method === method)),
    deliveries: () => deliveries,
    violations: () => violations,
    responsePosts: () => responseUrls.posts(),
    sockets: { count: () => sockets.count(), refresh: () => sockets.refresh(), cut: () => sockets.cut() },
    until: changes.until,
    async close() {
      sockets.close();
      listening.server.closeAllConnections();
      await new Promise<void>((resolve) => listening.server.close(() => resolve()));
    },
  };
}

function createState(options: SlackWorkspaceOptions, clock: Clock, changed: () => void): State {
  const teamId = "T00LOOPBACK";
  const installed = installApp(options.manifest);
  const app = { id: "A00LOOPBACK", botUserId: "U00LOOPBOT", botId: "B00LOOPBACK" };
  const bot: UserSeed = {
    id: app.botUserId,
    name: installed.appName.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-"),
    real_name: installed.appName,
    is_bot: true,
  };
  const users = [...options.users, bot].map((seed) => completeUser(seed, teamId));
  return {
    clock,
    team: { id: teamId, domain: "loopback", name: "Loopback workspace", url: "https://loopback.example/" },
    app,
    installed,
    users: new Map(users.map((user) => [user.id, user])),
    channels: new Map(options.channels.map((seed) => [seed.id, channelFrom(seed, app.botUserId)])),
    messages: [],
    views: new Map(),
    stacks: new Map(),
    homes: new Map(),
    notices: new Map(),
    triggers: new Map(),
    choices: new Map(),
    nextTs: timestamps(clock),
    changed,
  };
}
