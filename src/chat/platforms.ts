/** Every chat platform this build knows, one line each. */
import type {
  ChatPlatform,
  Clock,
  Log,
  LookBehind,
  Notes,
  Paces,
  Receive,
  Seal,
} from "../application/ports.ts";
import type { Config } from "../config.ts";

export { slackManifest } from "./slack/manifest.ts";
export { teamsManifest, teamsPackage } from "./teams/manifest.ts";

export interface PlatformParts {
  readonly receive: Receive;
  readonly lookBehind: LookBehind;
  readonly notes: Notes;
  readonly paces: Paces;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  readonly publicUrl: string;
}

/** The names of the platforms that are configured. */
export function platformsOf({ slack, teams }: Pick<Config, "slack" | "teams">): readonly string[] {
  return [...(slack ? ["slack"] : []), ...(teams ? ["teams"] : [])];
}

/** The platforms that are configured; nothing of the others is loaded. */
export async function createPlatforms(
  config: Config,
  parts: PlatformParts,
): Promise<readonly ChatPlatform[]> {
  const { token, intent } = parts.seal;
  return [
    ...(config.slack
      ? [(await import("./slack/index.ts")).createSlack({ ...parts, ...slackOptions(config.slack), token })]
      : []),
    ...(config.teams
      ? [(await import("./teams/index.ts")).createTeams({ ...parts, ...config.teams, token, intent })]
      : []),
  ];
}

/** One line for each, for whoever reads the terminal: what is on, what is off, and how to turn it on. */
export function platformLines(config: Config, publicUrl: string): readonly string[] {
  return [slackLine(config, publicUrl), teamsLine(config, publicUrl)];
}

function slackLine({ slack }: Config, publicUrl: string): string {
  if (!slack)
    return "Slack    off   set SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET (README: Slack in five steps)";
  return `Slack    on    ${slack.appToken ? "Socket Mode" : `events at ${publicUrl}/slack/events`}`;
}

function teamsLine({ teams }: Config, publicUrl: string): string {
  if (!teams) return "Teams    off   set MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId";
  return `Teams    on    messages at ${publicUrl}/api/messages${teams.connectorUrl ? " (a stand-in on this machine)" : ""}`;
}

function slackOptions(slack: NonNullable<Config["slack"]>) {
  const { botToken, signingSecret, appToken, apiUrl } = slack;
  return { botToken, signingSecret, ...(appToken ? { appToken } : {}), ...(apiUrl ? { apiUrl } : {}) };
}
