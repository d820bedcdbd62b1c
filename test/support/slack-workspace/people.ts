/** Who and what the workspace starts with: its users, channels and the app's manifest. */
import { listIn, objectIn, textIn } from "./json.ts";

/** A user as `users.info` tells of one; what is left out is false or empty. */
export interface User {
  readonly id: string;
  readonly name: string;
  readonly real_name: string;
  readonly team_id: string;
  readonly tz: string;
  readonly tz_offset: number;
  readonly is_bot: boolean;
  readonly is_app_user: boolean;
  readonly deleted: boolean;
  readonly is_admin: boolean;
  /** A guest in several channels. */
  readonly is_restricted: boolean;
  /** A guest in one channel. */
  readonly is_ultra_restricted: boolean;
  /** From another workspace, met through a shared channel. */
  readonly is_stranger: boolean;
  readonly profile: { readonly email?: string; readonly display_name: string; readonly real_name: string };
}

export type UserSeed = Partial<Omit<User, "id" | "name" | "profile">> & {
  readonly id: string;
  readonly name: string;
  readonly profile?: { readonly email?: string; readonly display_name?: string };
};

export interface ChannelSeed {
  readonly id: string;
  readonly name: string;
  readonly members: readonly string[];
  readonly is_private?: boolean;
  readonly is_archived?: boolean;
  /** Whether the app's bot was invited (true). */
  readonly with_bot?: boolean;
}

export function completeUser(seed: UserSeed, teamId: string): User {
  const { profile, ...rest } = seed;
  const realName = seed.real_name ?? seed.name;
  return {
    real_name: realName,
    team_id: teamId,
    tz: "Europe/London",
    tz_offset: 0,
    is_bot: false,
    is_app_user: false,
    deleted: false,
    is_admin: false,
    is_restricted: false,
    is_ultra_restricted: false,
    is_stranger: false,
    ...rest,
    profile: {
      display_name: profile?.display_name ?? seed.name,
      real_name: realName,
      ...(profile?.email === undefined ? {} : { email: profile.email }),
    },
  };
}

export interface Command {
  readonly command: string;
  readonly description: string;
  readonly should_escape: boolean;
}

export interface Shortcut {
  readonly type: "global" | "message";
  readonly name: string;
  readonly callback_id: string;
}

/** What the manifest grants and offers; `undefined` where a workspace without manifest doesn't look. */
export interface Installed {
  readonly appName: string;
  readonly commands: readonly Command[];
  readonly shortcuts: readonly Shortcut[];
  readonly scopes: ReadonlySet<string> | undefined;
  readonly events: ReadonlySet<string> | undefined;
}

/** Reads an app manifest (version 1 or 2, as parsed JSON). Without one the app is trusted with everything and answers `/agent`. */
export function installApp(manifest: unknown): Installed {
  if (manifest === undefined)
    return {
      appName: "Holdpoint",
      commands: [{ command: "/agent", description: "Ask about and steer agents", should_escape: true }],
      shortcuts: [],
      scopes: undefined,
      events: undefined,
    };
  const { display_information, features, oauth_config, settings } = objectIn(manifest);
  const { slash_commands, shortcuts } = objectIn(features);
  const words = (value: unknown) => new Set(listIn(value).map(String));
  return {
    appName: textIn(objectIn(display_information).name) ?? "App",
    commands: listIn(slash_commands)
      .map(objectIn)
      .map((entry) => ({
        command: String(entry.command),
        description: textIn(entry.description) ?? "",
        should_escape: entry.should_escape === true,
      })),
    shortcuts: listIn(shortcuts)
      .map(objectIn)
      .map((entry) => ({
        type: entry.type === "message" ? "message" : "global",
        name: String(entry.name),
        callback_id: String(entry.callback_id),
      })),
    scopes: words(objectIn(objectIn(oauth_config).scopes).bot),
    events: words(objectIn(objectIn(settings).event_subscriptions).bot_events),
  };
}
