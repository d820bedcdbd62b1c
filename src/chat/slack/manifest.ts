/** The app as Slack is to know it: what `holdpoint manifest slack` prints and an operator pastes under "From a manifest". */

/** `publicUrl`: where Holdpoint is reached from the internet; null for Socket Mode, which needs no such place. */
export function slackManifest(publicUrl: string | null) {
  const events = publicUrl === null ? null : new URL("/slack/events", publicUrl).href;
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "Holdpoint",
      description: "Hold points for AI agents: a named owner decides, and the agent waits until they have.",
      long_description:
        "An AI agent that is unsure, over budget, off its baseline or asked for a human stops. Its named owner gets one clear card here, and the agent stays held until that person has decided. Approve, edit, answer or reject from the card; pause and resume agents with /agent; say that something feels off from any message.",
      background_color: "#1f2937",
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: "holdpoint", always_online: true },
      shortcuts: [
        {
          name: "Something feels off",
          type: "global",
          callback_id: "something_feels_off",
          description: "Flag an agent, and pause it if that is serious",
        },
        {
          name: "Something feels off",
          type: "message",
          callback_id: "something_feels_off_message",
          description: "Flag an agent because of this message",
        },
      ],
      slash_commands: [
        {
          command: "/agent",
          description: "See, pause and resume AI agents",
          usage_hint:
            "list | status <agent> | pause <agent> [for 2h] [reason] | resume <agent> | queue | out until <day> deputy @name | help",
          // Otherwise @names arrive as bare text, and two people may share one.
          should_escape: true,
          ...(events !== null && { url: events }),
        },
      ],
    },
    oauth_config: {
      scopes: {
        bot: [
          "app_mentions:read",
          // History: to look whether a card arrived when Slack's answer did not, so that it is not posted twice.
          "channels:history",
          "chat:write",
          "commands",
          "groups:history",
          "im:history",
          "im:write",
          "users:read",
          "users:read.email",
        ],
      },
    },
    settings: {
      event_subscriptions: {
        ...(events !== null && { request_url: events }),
        bot_events: ["app_home_opened", "app_mention", "app_uninstalled", "message.im", "tokens_revoked"],
      },
      interactivity: { is_enabled: true, ...(events !== null && { request_url: events }) },
      org_deploy_enabled: false,
      socket_mode_enabled: events === null,
      token_rotation_enabled: false,
    },
  };
}
