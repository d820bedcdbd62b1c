/** auth.test, team.info and users.*: who the app is and who the people are. */
import { type Method, refuse } from "./answers.ts";
import { textIn } from "./json.ts";
import { userOnWire } from "./wire.ts";

const test: Method = (state) => ({
  ok: true,
  url: state.team.url,
  team: state.team.name,
  user: state.installed.appName.toLowerCase(),
  team_id: state.team.id,
  user_id: state.app.botUserId,
  bot_id: state.app.botId,
  is_enterprise_install: false,
});

const teamInfo: Method = (state) => ({
  ok: true,
  team: { id: state.team.id, name: state.team.name, domain: state.team.domain, url: state.team.url },
});

const info: Method = (state, args) => {
  const user = state.users.get(textIn(args.user) ?? "");
  return user === undefined ? refuse("user_not_found") : { ok: true, user: userOnWire(user) };
};

/** The plural is Slack's: `users_not_found` here, `user_not_found` elsewhere. */
const lookupByEmail: Method = (state, args) => {
  const email = (textIn(args.email) ?? "").toLowerCase();
  const found = [...state.users.values()].find(
    (user) => !user.deleted && user.profile.email?.toLowerCase() === email && email !== "",
  );
  return found === undefined ? refuse("users_not_found") : { ok: true, user: userOnWire(found) };
};

const list: Method = (state) => ({
  ok: true,
  members: [...state.users.values()].map(userOnWire),
  cache_ts: Math.floor(state.clock.now() / 1_000),
  response_metadata: { next_cursor: "" },
});

export const userMethods = {
  "auth.test": test,
  "team.info": teamInfo,
  "users.info": info,
  "users.lookupByEmail": lookupByEmail,
  "users.list": list,
} as const satisfies Record<string, Method>;
