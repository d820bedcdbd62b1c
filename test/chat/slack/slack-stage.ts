/** Our Slack platform joined to the workspace on loopback: what tests of the two together need. */
import type { ChatPlatform } from "../../../src/application/ports.ts";
import { createSlack, type SlackOptions } from "../../../src/chat/slack/index.ts";
import { slackManifest } from "../../../src/chat/slack/manifest.ts";
import type { Address } from "../../../src/domain/delivery/copy.ts";
import {
  type SlackWorkspace,
  type SlackWorkspaceOptions,
  startSlackWorkspace,
} from "../../support/slack-workspace/index.ts";
import { type ApplicationSide, applicationSide, CONSOLE, serve } from "../stage.ts";

export const SARAH = "U012ABCDEF";
export const JAMES = "U013ABCDEF";
export const GUEST = "U0GUEST";
export const STRANGER = "U0STRANGER";
export const GONE = "U0GONE";
export const AGENTS = "C0123456789";
export const SALES = "C0987654321";

export const person = (id: string): Address => ({ platform: "slack", kind: "person", id });
export const channel = (id: string): Address => ({ platform: "slack", kind: "channel", id });

export interface Stage extends ApplicationSide {
  readonly workspace: SlackWorkspace;
  readonly platform: ChatPlatform;
  /** The same app after a restart, or another replica of it: what the store keeps is there. */
  restarted(): ChatPlatform;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly socket?: boolean;
  readonly patienceMs?: number;
  readonly workspace?: Partial<SlackWorkspaceOptions>;
  readonly slack?: Partial<SlackOptions>;
  /** What stands between the app and the workspace: its address for the workspace's. */
  readonly through?: (apiUrl: string) => Promise<string>;
}

export async function startStage(options: StageOptions = {}): Promise<Stage> {
  const { side, parts } = applicationSide();
  const { clock } = side;
  const workspace = await startSlackWorkspace({
    users: [
      { id: SARAH, name: "sarah", real_name: "Sarah Chen" },
      { id: JAMES, name: "james", real_name: "James Liu" },
      { id: GUEST, name: "guest", is_restricted: true },
      { id: STRANGER, name: "stranger", is_stranger: true, team_id: "T0ELSEWHERE" },
      { id: GONE, name: "gone", deleted: true },
    ],
    channels: [
      { id: AGENTS, name: "agents", members: [SARAH, JAMES, GUEST, STRANGER] },
      { id: SALES, name: "sales", members: [SARAH, JAMES] },
      { id: "C0ELSEWHERE", name: "elsewhere", members: [SARAH], with_bot: false },
    ],
    manifest: slackManifest(options.socket === true ? null : CONSOLE),
    clock,
    signingClock: () => clock.now(),
    appToken: "xapp-1-A00LOOPBACK-1-secret",
    ...options.workspace,
  });
  const apiUrl = (await options.through?.(workspace.apiUrl)) ?? workspace.apiUrl;
  const build = () =>
    createSlack({
      ...parts,
      botToken: workspace.botToken,
      signingSecret: workspace.signingSecret,
      ...(options.socket === true && { appToken: workspace.appToken }),
      apiUrl,
      ...(options.patienceMs !== undefined && { patienceMs: options.patienceMs }),
      ...options.slack,
    });
  const platform = build();
  const server = await serve(platform.routes);
  if (options.socket !== true) workspace.setEventsUrl(`${server.url}/slack/events`);
  await platform.start();
  return {
    ...side,
    workspace,
    platform,
    restarted: build,
    async close() {
      await platform.close();
      await server.close();
      await workspace.close();
    },
  };
}
