/** What the environment says of the chat platforms, checked: half a configuration is refused, with what is missing. */

export type Env = Readonly<Record<string, string | undefined>>;

export interface SlackConfig {
  readonly botToken: string;
  readonly signingSecret: string;
  /** Present: Socket Mode. */
  readonly appToken: string | null;
  readonly apiUrl: string | null;
}

export interface TeamsConfig {
  readonly appId: string;
  /** Null for a managed identity. */
  readonly appPassword: string | null;
  readonly tenantId: string;
  readonly appType: "SingleTenant" | "UserAssignedMSI";
  /** A stand-in for Microsoft on this machine: tests and the demo. */
  readonly connectorUrl: string | null;
}

/** Null where nothing of Slack is set. */
export function readSlack(env: Env, problems: string[]): SlackConfig | null {
  const {
    SLACK_BOT_TOKEN: botToken,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_APP_TOKEN: appToken,
    SLACK_API_URL: apiUrl,
  } = env;
  if (!botToken && !signingSecret && !appToken) return null;
  if (!botToken?.startsWith("xoxb-")) {
    problems.push(
      "SLACK_BOT_TOKEN is missing or does not start with xoxb-: copy it from OAuth & Permissions → Bot User OAuth Token.",
    );
  }
  if (!signingSecret && !appToken) {
    problems.push("SLACK_SIGNING_SECRET is missing: copy it from Basic Information → App Credentials.");
  }
  if (signingSecret && signingSecret.length < 8) {
    problems.push(
      "SLACK_SIGNING_SECRET is too short to be one of Slack's: copy it from Basic Information → App Credentials.",
    );
  }
  if (appToken && !appToken.startsWith("xapp-")) {
    problems.push(
      "SLACK_APP_TOKEN does not start with xapp-: make one under Basic Information → App-Level Tokens with connections:write.",
    );
  }
  const api = apiUrl && URL.canParse(apiUrl) ? new URL(apiUrl) : undefined;
  if (apiUrl && (!api || (api.protocol !== "https:" && !isLoopback(api.hostname)))) {
    problems.push(
      "SLACK_API_URL would send the bot token in the clear: use https://, or an address of this machine.",
    );
  }
  return {
    botToken: botToken ?? "",
    signingSecret: signingSecret ?? "",
    appToken: appToken || null,
    apiUrl: apiUrl ? apiUrl.replace(/\/?$/, "/") : null,
  };
}

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Null where nothing of Teams is set; half of it is refused, because the library would then check nobody. */
export function readTeams(env: Env, problems: string[]): TeamsConfig | null {
  const {
    MicrosoftAppId: appId,
    MicrosoftAppPassword: appPassword,
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppType: appType,
    TEAMS_CONNECTOR_URL: connectorUrl,
  } = env;
  if (!appId && !appPassword && !tenantId && !appType && !connectorUrl) return null;
  if (!appId || !UUID.test(appId)) {
    problems.push(
      "MicrosoftAppId is missing or is no UUID: copy it from the Azure Bot → Configuration. Without it Teams would let anybody approve.",
    );
  }
  if (!tenantId || !UUID.test(tenantId)) {
    problems.push(
      "MicrosoftAppTenantId is missing or is no UUID: copy it from the Azure Bot → Configuration (App Tenant ID).",
    );
  }
  const type = appType || "SingleTenant";
  const managed = type === "UserAssignedMSI";
  if (type !== "SingleTenant" && !managed) {
    problems.push(
      "MicrosoftAppType is neither SingleTenant nor UserAssignedMSI: register the bot as one of the two; a multi-tenant bot would let other organisations in.",
    );
  }
  if (managed && appPassword) {
    problems.push(
      "MicrosoftAppPassword is set, and a managed identity (UserAssignedMSI) has none: unset one of the two.",
    );
  }
  if (!managed && !appPassword) {
    problems.push(
      "MicrosoftAppPassword is missing: make a client secret in the app registration → Certificates & secrets.",
    );
  }
  const connector = connectorUrl && URL.canParse(connectorUrl) ? new URL(connectorUrl) : undefined;
  if (connectorUrl && !(connector && isLoopback(connector.hostname))) {
    problems.push(
      "TEAMS_CONNECTOR_URL is not an address of this machine: whoever answers there decides who may approve. Unset it for Microsoft Teams itself.",
    );
  }
  return {
    appId: appId ?? "",
    appPassword: appPassword || null,
    tenantId: tenantId ?? "",
    appType: managed ? "UserAssignedMSI" : "SingleTenant",
    connectorUrl: connectorUrl || null,
  };
}

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host);
}
