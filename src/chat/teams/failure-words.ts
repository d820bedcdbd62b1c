/** Microsoft's error words as sentences for the person who can do something about them. */

const INSTALL = "install the Holdpoint app for them (Teams admin center → Manage apps, or a setup policy)";

const WORDS: Readonly<Record<string, string>> = {
  MessageWritesBlocked: "This person has blocked or removed the app: ask them to add it again in Teams.",
  BotNotInConversationRoster: `The app is not installed there: ${INSTALL}, or add it to the team.`,
  ConversationNotFound: "Teams knows no such conversation: check the id in holdpoint.yaml or the charter.",
  ConversationBlockedByUser: "This person has blocked the app: ask them to unblock it in Teams.",
  MemberNotFoundInConversation:
    "Teams knows no such person in this organisation: check the account in holdpoint.yaml (Entra object id).",
  BadArgument: "Teams refused what it was asked: check the id in holdpoint.yaml or the charter.",
  BadSyntax: "Teams refused what it was asked: check the id in holdpoint.yaml or the charter.",
  BotDisabledByAdmin: "An administrator has blocked the app: allow it in the Teams admin center.",
  NotEnoughPermissions: "The app lacks a permission there: ask a Teams administrator.",
  ActivityNotFoundInConversation: "Teams does not find this message any more.",
  MessageSizeTooBig: "Teams refused even the shortest form of the card.",
  Unauthorized:
    "Microsoft does not accept the bot: compare MicrosoftAppId, MicrosoftAppPassword and MicrosoftAppTenantId with the bot's registration in Azure.",
  invalid_client:
    "Microsoft gave no token: MicrosoftAppPassword is wrong or has expired. Make a new client secret in the app registration.",
  unauthorized_client:
    "Microsoft gave no token: MicrosoftAppId is not an app of the tenant in MicrosoftAppTenantId.",
};

/** A sentence and Microsoft's own word, which is what one searches for. */
export function failureWords(code: string, status: number | undefined): string {
  const words = WORDS[code] ?? (status === 403 ? `The app may not write there: ${INSTALL}.` : undefined);
  const own = code || `status ${status ?? "unknown"}`;
  return words === undefined ? `Teams answered ${own}.` : `${words} (${own})`;
}
