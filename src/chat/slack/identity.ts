/** Who made a gesture, as Slack says at this moment: asked for each person, kept for at most five minutes. */
import type { Identity } from "../../application/gesture.ts";
import type { Clock } from "../../application/ports.ts";
import type { Standing } from "../../domain/people.ts";
import { isTrueAt, type JsonObject, listAt, objectAt, textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import type { SelfKnowledge } from "./self.ts";

/** The account that a payload names. */
export interface Account {
  readonly user: string;
  /** The workspace the payload says the account belongs to; undefined where it says none. */
  readonly team: string | undefined;
}

/** Undefined when Slack does not say who it is: then nothing is done, for nobody is trusted by default. */
export type Identify = (account: Account) => Promise<Identity | undefined>;

/** Somebody deactivated or made a guest keeps their rights no longer than this. */
const FRESH_MS = 5 * 60_000;
const MOST_KEPT = 5_000;

export function createIdentify(parts: {
  readonly client: Client;
  readonly self: SelfKnowledge;
  readonly clock: Clock;
}): Identify {
  const { client, self, clock } = parts;
  const kept = new Map<string, { readonly at: number; readonly user: JsonObject }>();

  const lookUp = async (id: string): Promise<JsonObject | undefined> => {
    const now = clock.now();
    const known = kept.get(id);
    if (known !== undefined && now >= known.at && now - known.at < FRESH_MS) return known.user;
    const outcome = await client.call("users.info", { user: id });
    const user = outcome.kind === "ok" ? objectAt(outcome.data, "user") : undefined;
    kept.delete(id);
    if (user === undefined || textAt(user, "id") !== id) return undefined;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(id, { at: now, user });
    return user;
  };

  return async (account) => {
    const [home, user] = await Promise.all([self.ask(), lookUp(account.user)]);
    if (home === undefined || user === undefined) return undefined;
    const standing = standingOf(user, account, home.team);
    // Of a stranger, Slack's own word counts: a payload from a shared channel names the channel's workspace.
    const own = textAt(user, "team_id");
    const team = (standing === "stranger" ? own : account.team) ?? own ?? home.team;
    return {
      surface: "slack",
      id: account.user,
      account: `slack:${team}/${account.user}`,
      name:
        textAt(user, "profile", "display_name") ??
        textAt(user, "real_name") ??
        textAt(user, "name") ??
        account.user,
      standing,
    };
  };
}

/**
 * The worst that is true. A person of several workspaces of one organisation belongs to each of them. `is_app_user` says nothing
 * here: it marks people who have authorised the app (docs.slack.dev, "User object").
 */
function standingOf(user: JsonObject, account: Account, home: string): Standing {
  if (isTrueAt(user, "deleted")) return "deactivated";
  if (isTrueAt(user, "is_bot") || account.user === "USLACKBOT") return "bot";
  const teams = [textAt(user, "team_id"), ...listAt(user, "enterprise_user", "teams")];
  const belongs = teams.includes(home) && (account.team === undefined || teams.includes(account.team));
  if (isTrueAt(user, "is_stranger") || !belongs) return "stranger";
  if (isTrueAt(user, "is_restricted") || isTrueAt(user, "is_ultra_restricted")) return "guest";
  return "member";
}
