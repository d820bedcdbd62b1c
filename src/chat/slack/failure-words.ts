/** Slack's error words as sentences for the person who can do something about them. */

const REINSTALL = "install the app again under OAuth & Permissions and set the new SLACK_BOT_TOKEN";

const WORDS: Readonly<Record<string, string>> = {
  account_inactive: `Slack has deactivated the bot's account or token: ${REINSTALL}.`,
  invalid_auth: `Slack does not accept SLACK_BOT_TOKEN: ${REINSTALL}.`,
  not_authed: "SLACK_BOT_TOKEN is missing: copy it from OAuth & Permissions.",
  token_expired: `SLACK_BOT_TOKEN has expired: ${REINSTALL}, with token rotation off.`,
  token_revoked: `SLACK_BOT_TOKEN was revoked: ${REINSTALL}.`,
  team_access_not_granted: "The app has no access to this workspace: an administrator has to approve it.",
  missing_scope: `The app lacks a scope: update it from manifests/slack.json, then ${REINSTALL}.`,
  not_allowed_token_type: "SLACK_BOT_TOKEN is of the wrong kind: it has to start with xoxb-.",
  no_permission: "The workspace does not let the app do this: ask its administrator.",
  restricted_action: "The workspace does not let the app post here: ask its administrator.",
  ekm_access_denied: "An administrator has suspended posting in this workspace.",
  channel_not_found:
    "Slack knows no such conversation, or the app is not in it: check the id in the charter and invite the app with /invite @holdpoint.",
  not_in_channel: "The app is not in this channel: invite it with /invite @holdpoint.",
  is_archived: "The channel is archived: name another one in the charter.",
  user_not_found: "Slack knows no such person: check the account in holdpoint.yaml.",
  users_not_found: "Slack knows no such person: check the account in holdpoint.yaml.",
  user_not_visible: "The app may not see this person: they belong to another workspace.",
  user_disabled: "This person's account is deactivated in Slack.",
  cannot_dm_bot: "This account is a bot: name a person in holdpoint.yaml.",
  messages_tab_disabled: "Direct messages to the app are off: switch on the Messages tab under App Home.",
  thread_not_found: "The message this belongs under is gone.",
  cannot_reply_to_message: "Slack takes no replies under this message.",
  invalid_blocks: "Slack refused even the shortest form of the card.",
  msg_too_long: "Slack refused even the shortest form of the card.",
  msg_blocks_too_long: "Slack refused even the shortest form of the card.",
  cant_update_message: "Slack does not let the app change this message any more.",
  edit_window_closed: "The workspace allows no changes to messages of this age.",
};

/** A sentence and Slack's own word, which is what one searches for. */
export function failureWords(error: string): string {
  const words = WORDS[error];
  return words === undefined ? `Slack answered ${error}.` : `${words} (${error})`;
}
