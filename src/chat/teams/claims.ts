/** What a request says of itself, and what speaks against it before its signature is looked at. */
import type { RawRequest } from "../../application/ports.ts";
import { isObject, type JsonObject, textAt } from "../payload.ts";
import { ISSUER } from "./authority.ts";
import type { ServiceUrls } from "./service-urls.ts";

export interface Refused {
  readonly status: 400 | 401 | 403;
  readonly words: string;
}

export interface Expected {
  readonly appId: string;
  /** Lower case. */
  readonly tenants: readonly string[];
  readonly serviceUrls: ServiceUrls;
}

const CHANNEL = "msteams";

/**
 * Undefined where nothing does: then the signature decides, and it is made over these very claims. The library itself takes
 * tokens of emulators and of other bots, and lets an activity without a service address pass; Teams sends none of these.
 */
export function objection(
  activity: JsonObject,
  request: RawRequest,
  expected: Expected,
): Refused | undefined {
  const claims = claimsIn(request.headers.authorization);
  if (claims === undefined) return { status: 401, words: "The request carries no bearer token." };
  if (claims.iss !== ISSUER) return { status: 403, words: "The token is not Microsoft's (iss)." };
  if (claims.aud !== expected.appId)
    return { status: 403, words: "The token is for another bot (aud): compare it with MicrosoftAppId." };
  const serviceUrl = textAt(activity, "serviceUrl");
  // Microsoft's own documentation writes the claim in two ways.
  const claimed = textAt(claims, "serviceurl") ?? textAt(claims, "serviceUrl");
  if (serviceUrl === undefined || claimed !== serviceUrl)
    return { status: 403, words: "The token is for another service address (serviceurl)." };
  if (!expected.serviceUrls.allows(serviceUrl))
    return { status: 403, words: "The activity's serviceUrl is not one of Microsoft's." };
  if (textAt(activity, "channelId") !== CHANNEL)
    return { status: 403, words: "The activity is not from Teams (channelId)." };
  const tenant = tenantOf(activity);
  if (tenant === undefined || !expected.tenants.includes(tenant))
    return {
      status: 403,
      words: "The activity is from another tenant: compare it with MicrosoftAppTenantId.",
    };
  return undefined;
}

/** Lower case. */
export function tenantOf(activity: JsonObject): string | undefined {
  const named = [
    textAt(activity, "channelData", "tenant", "id"),
    textAt(activity, "conversation", "tenantId"),
  ]
    .filter((one) => one !== undefined)
    .map((one) => one.toLowerCase());
  // Two that differ are one too many.
  return named.every((one) => one === named[0]) ? named[0] : undefined;
}

function claimsIn(authorization: string | undefined): JsonObject | undefined {
  const payload = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization ?? "")?.[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
    return isObject(claims) ? claims : undefined;
  } catch {
    return undefined;
  }
}
