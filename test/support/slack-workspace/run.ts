/** Runs the workspace as a process of its own, so that it outlives the app it serves. Prints one line of JSON when it listens. */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { ChannelSeed, UserSeed } from "./people.ts";
import { startSlackWorkspace } from "./workspace.ts";

/** Flags win over the environment, which wins over these people. */
const USERS: readonly UserSeed[] = [
  { id: "U012ABCDEF", name: "sarah", real_name: "Sarah Chen", profile: { email: "sarah@example.com" } },
  { id: "U013ABCDEF", name: "james", real_name: "James Okoro", profile: { email: "james@example.com" } },
  { id: "U014ABCDEF", name: "maria", real_name: "Maria Lopez", profile: { email: "maria@example.com" } },
];
const CHANNELS: readonly ChannelSeed[] = [
  { id: "C0123456789", name: "agents", members: USERS.map(({ id }) => id) },
];

const { values: flags } = parseArgs({
  options: {
    port: { type: "string" },
    "events-url": { type: "string" },
    "signing-secret": { type: "string" },
    "bot-token": { type: "string" },
    "app-token": { type: "string" },
    /** A JSON file with `users` and `channels`. */
    people: { type: "string" },
    /** The app's manifest. */
    manifest: { type: "string" },
    "no-rates": { type: "boolean" },
  },
});

const setting = (flag: string | undefined, variable: string) => {
  const value = flag ?? process.env[variable];
  return value === undefined || value === "" ? undefined : value;
};
const json = (path: string | undefined): unknown =>
  path === undefined ? undefined : JSON.parse(readFileSync(path, "utf8"));

const people = json(flags.people) as
  | { users: readonly UserSeed[]; channels: readonly ChannelSeed[] }
  | undefined;
const signingSecret = setting(flags["signing-secret"], "SLACK_SIGNING_SECRET");
const botToken = setting(flags["bot-token"], "SLACK_BOT_TOKEN");
const appToken = setting(flags["app-token"], "SLACK_APP_TOKEN");
const eventsUrl = setting(flags["events-url"], "SLACK_EVENTS_URL");

const workspace = await startSlackWorkspace({
  port: Number(setting(flags.port, "PORT") ?? 0),
  users: people?.users ?? USERS,
  channels: people?.channels ?? CHANNELS,
  manifest: json(flags.manifest),
  enforceRates: flags["no-rates"] !== true,
  ...(signingSecret === undefined ? {} : { signingSecret }),
  ...(botToken === undefined ? {} : { botToken }),
  ...(appToken === undefined ? {} : { appToken }),
  ...(eventsUrl === undefined ? {} : { eventsUrl }),
});

const { url, apiUrl, botUserId } = workspace;
console.log(
  JSON.stringify({
    url,
    apiUrl,
    botUserId,
    botToken: workspace.botToken,
    appToken: workspace.appToken,
    signingSecret: workspace.signingSecret,
  }),
);

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    void workspace.close().then(() => process.exit(0));
  });
