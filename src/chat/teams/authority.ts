/** Who Microsoft is and who we are to it: the keys that sign what reaches us, and the tokens for what we send. */
import {
  ConfigurationBotFrameworkAuthentication,
  type ConfigurationBotFrameworkAuthenticationOptions,
  ConfigurationServiceClientCredentialFactory,
} from "botbuilder";
import { withSlash } from "./service-urls.ts";

/** The issuer of every token that the Bot Framework's service signs (learn.microsoft.com, "Authentication with the Bot Connector API"). */
export const ISSUER = "https://api.botframework.com";

export interface Account {
  readonly appId: string;
  /** Null for a managed identity. */
  readonly appPassword: string | null;
  readonly tenantId: string;
  readonly appType: "SingleTenant" | "UserAssignedMSI";
  /** A stand-in on this machine, which signs with keys of its own; null: Microsoft. */
  readonly connectorUrl: string | null;
}

type Credentials = NonNullable<ConstructorParameters<typeof ConfigurationBotFrameworkAuthentication>[1]>;

/** @throws where the app id is empty: the library would then let anybody in */
export function createAuthority(account: Account): ConfigurationBotFrameworkAuthentication {
  if (account.appId.trim() === "")
    throw new Error(
      "MicrosoftAppId is missing: without it the library would check nothing and let anybody approve",
    );
  if (account.connectorUrl !== null) return standInFor(account, withSlash(account.connectorUrl));
  return new ConfigurationBotFrameworkAuthentication({}, microsoftCredentials(account));
}

function microsoftCredentials({ appId, appPassword, tenantId, appType }: Account): Credentials {
  return new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppType: appType,
    ...(appPassword !== null && { MicrosoftAppPassword: appPassword }),
  });
}

/** All of these or none: the library takes one that is set as a sign that every one is. */
function standInFor(account: Account, base: string): ConfigurationBotFrameworkAuthentication {
  const options: ConfigurationBotFrameworkAuthenticationOptions = {
    ValidateAuthority: "false",
    ToBotFromChannelOpenIdMetadataUrl: `${base}v1/.well-known/openidconfiguration`,
    ToBotFromEmulatorOpenIdMetadataUrl: `${base}v1/.well-known/openidconfiguration`,
    ToBotFromChannelTokenIssuer: ISSUER,
    ToChannelFromBotLoginUrl: `${base}oauth2/token`,
    ToChannelFromBotOAuthScope: ISSUER,
    OAuthUrl: base,
    CallerId: "urn:botframework:azure",
  };
  return new ConfigurationBotFrameworkAuthentication(
    options,
    standInCredentials(account, `${base}oauth2/token`),
  );
}

/** Client credentials, as Microsoft's own sign-in takes them; the library's client refuses any address that is not Microsoft's. */
function standInCredentials({ appId, appPassword }: Account, tokenUrl: string): Credentials {
  let token: { readonly text: string; readonly until: number } | undefined;
  const fetchToken = async () => {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: appId,
      client_secret: appPassword ?? "",
      scope: `${ISSUER}/.default`,
    });
    const response = await fetch(tokenUrl, { method: "POST", body });
    if (!response.ok) throw Object.assign(new Error("no token"), { errorCode: "invalid_client" });
    const { access_token, expires_in } = (await response.json()) as {
      readonly access_token: string;
      readonly expires_in: number;
    };
    return { text: access_token, until: Date.now() + (expires_in - 300) * 1_000 };
  };
  return {
    isValidAppId: async (id) => id === appId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      async signRequest(request) {
        if (token === undefined || token.until < Date.now()) token = await fetchToken();
        request.headers.set("authorization", `Bearer ${token.text}`);
        return request;
      },
    }),
  };
}
