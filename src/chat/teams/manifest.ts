/** The app as Teams is to know it: the manifest, and the zip that `holdpoint manifest teams` writes for an operator to upload. */
import { strToU8, zipSync } from "fflate";
import { FLAG_COMMAND } from "./parse.ts";

const SCOPES = ["personal", "team", "groupChat"] as const;

/** At most twelve; whoever types them leaves the rest as it is. */
const COMMANDS = [
  { title: "list", description: "Every agent and whether it may act" },
  { title: "queue", description: "What waits for you" },
  { title: "status", description: "How an agent stands: status trial-nurture" },
  { title: "pause", description: "Stop an agent: pause trial-nurture for 2h, and why" },
  { title: "resume", description: "Let an agent go on: resume trial-nurture" },
  { title: "why", description: "Why an agent is held: why trial-nurture" },
  { title: "owner", description: "Who answers for an agent: owner trial-nurture" },
  { title: "flag", description: "Something feels off: flag trial-nurture" },
  { title: "out", description: "You are away: out until Friday deputy @name" },
  { title: "help", description: "All commands" },
];

/**
 * @param appId the bot's MicrosoftAppId
 * @param publicUrl where Holdpoint is reached, https
 */
export function teamsManifest(appId: string, publicUrl: string) {
  return {
    $schema: "https://developer.microsoft.com/json-schemas/teams/v1.29/MicrosoftTeams.schema.json",
    manifestVersion: "1.29",
    version: "1.0.0",
    id: appId,
    developer: {
      name: "Holdpoint",
      websiteUrl: publicUrl,
      privacyUrl: publicUrl,
      termsOfUseUrl: publicUrl,
    },
    name: { short: "Holdpoint", full: "Holdpoint: hold points for AI agents" },
    description: {
      short: "Hold points for AI agents: a named owner decides, and the agent waits.",
      full: "An AI agent that is unsure, over budget, off its baseline or asked for a human stops. Its named owner gets one clear card here, and the agent stays held until that person has decided. Approve, edit, answer or reject from the card; pause and resume agents by writing to the app; say that something feels off from any message.",
    },
    icons: { color: "color.png", outline: "outline.png" },
    accentColor: "#1F2937",
    bots: [
      {
        botId: appId,
        scopes: SCOPES,
        supportsFiles: false,
        isNotificationOnly: false,
        commandLists: [{ scopes: SCOPES, commands: COMMANDS }],
      },
    ],
    composeExtensions: [
      {
        botId: appId,
        commands: [
          {
            id: FLAG_COMMAND,
            type: "action",
            context: ["message", "commandBox"],
            title: "Something feels off",
            description: "Flag an agent, and pause it if that is serious",
            fetchTask: true,
          },
        ],
      },
    ],
    permissions: ["identity", "messageTeamMembers"],
    validDomains: [new URL(publicUrl).hostname],
  };
}

/** What an operator uploads under "Upload a custom app". `icons`: the bytes of color.png and outline.png. */
export function teamsPackage(
  manifest: ReturnType<typeof teamsManifest>,
  icons: { readonly color: Uint8Array; readonly outline: Uint8Array },
): Uint8Array {
  return zipSync({
    "manifest.json": strToU8(`${JSON.stringify(manifest, null, 2)}\n`),
    "color.png": icons.color,
    "outline.png": icons.outline,
  });
}
