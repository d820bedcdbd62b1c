/** People, a channel and a card for the workspace's own tests. */
import type { AddressInfo } from "node:net";
import { App } from "@slack/bolt";
import { type Logger, LogLevel, type WebAPICallResult, WebClient } from "@slack/web-api";
import type { SlackWorkspace, SlackWorkspaceOptions } from "./contract.ts";
import type { Place } from "./desk.ts";
import type { JsonObject } from "./json.ts";
import { startSlackWorkspace } from "./workspace.ts";

export const SARAH = "U012ABCDEF";
export const JAMES = "U013ABCDEF";
export const AGENTS = "C0123456789";

export const plainText = (text: string) => ({ type: "plain_text" as const, text });
export const section = (text: string) => ({
  type: "section" as const,
  text: { type: "mrkdwn" as const, text },
});
export const button = (text: string, actionId: string, more: JsonObject = {}) => ({
  type: "button" as const,
  text: plainText(text),
  action_id: actionId,
  ...more,
});

/** A card that asks for a decision. */
export const card = () => [
  section("*trial-nurture* asks"),
  { type: "actions" as const, elements: [button("Approve", "approve"), button("Reject", "reject")] },
];

/** A modal that asks for a reason. */
export const reasonModal = (more: JsonObject = {}) => ({
  type: "modal" as const,
  callback_id: "reject",
  title: plainText("Reject"),
  submit: plainText("Reject"),
  blocks: [
    {
      type: "input" as const,
      block_id: "reason",
      label: plainText("Reason"),
      element: { type: "plain_text_input" as const, action_id: "text", min_length: 3 },
    },
  ],
  ...more,
});

export function startSample(options: Partial<SlackWorkspaceOptions> = {}): Promise<SlackWorkspace> {
  return startSlackWorkspace({
    users: [
      { id: SARAH, name: "sarah", real_name: "Sarah Chen", profile: { email: "sarah@example.com" } },
      { id: JAMES, name: "james", real_name: "James Okoro", profile: { email: "james@example.com" } },
      { id: "U0GONE", name: "gone", deleted: true, profile: { email: "gone@example.com" } },
    ],
    channels: [
      { id: AGENTS, name: "agents", members: [SARAH, JAMES] },
      { id: "C0ELSEWHERE", name: "elsewhere", members: [SARAH], with_bot: false },
      { id: "C0SECRET", name: "secret", members: [SARAH], is_private: true, with_bot: false },
    ],
    ...options,
  });
}

/** A Bolt app behind HTTP that gets everything the workspace sends. */
export async function startApp(workspace: SlackWorkspace): Promise<App> {
  const app = new App({
    token: workspace.botToken,
    signingSecret: workspace.signingSecret,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
    logger: silentLogger,
  });
  const { port } = (await app.start(0)).address() as AddressInfo;
  workspace.setEventsUrl(`http://127.0.0.1:${port}/slack/events`);
  return app;
}

/** Posts the card to a user. */
export async function postCard(workspace: SlackWorkspace, userId: string): Promise<Place> {
  const posted = await clientOf(workspace).chat.postMessage({
    channel: userId,
    text: "A decision is needed",
    blocks: card(),
  });
  return { channel: posted.channel ?? "", ts: posted.ts ?? "" };
}

/** Slack's client, set so that one call is one request. */
export function clientOf(workspace: SlackWorkspace): WebClient {
  return new WebClient(workspace.botToken, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2_000,
    logger: silentLogger,
  });
}

/** Says nothing: refusals are what these tests are about. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** The error data of a call that must fail. */
export async function refused(call: Promise<WebAPICallResult>): Promise<Record<string, unknown>> {
  const outcome: unknown = await call.then(
    (answer) => ({ unexpected: answer }),
    (error: unknown) => error,
  );
  const { data, code, ...rest } = outcome as { data?: Record<string, unknown>; code?: string };
  return { code, ...rest, ...data };
}
