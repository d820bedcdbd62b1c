/** Who made a gesture, as Teams says at this moment: asked for each person, kept for at most five minutes. */
import type { Identity } from "../../application/gesture.ts";
import type { Clock } from "../../application/ports.ts";
import type { Standing } from "../../domain/people.ts";
import { type JsonObject, textAt } from "../payload.ts";
import type { Client } from "./client.ts";
import { withoutThread } from "./conversations.ts";

/** The account that an activity names. Names and mail addresses are for display: anybody may change theirs. */
export interface Account {
  /** Entra object id: the same for every bot and conversation. */
  readonly object: string;
  /** Teams' own id of the account for this bot, `29:…`. */
  readonly user: string;
  readonly name: string | undefined;
  readonly tenant: string;
  readonly conversation: string;
  readonly serviceUrl: string;
}

/** Undefined when Teams does not say who it is: then nothing is done, for nobody is trusted by default. */
export type Identify = (account: Account) => Promise<Identity | undefined>;

/** Somebody who was made a guest keeps their rights no longer than this. */
const FRESH_MS = 5 * 60_000;
const MOST_KEPT = 5_000;
const TIMEOUT_MS = 2_000;

export function createIdentify(parts: {
  readonly client: Client;
  readonly clock: Clock;
  readonly tenantId: string;
}): Identify {
  const { client, clock } = parts;
  const kept = new Map<string, { readonly at: number; readonly member: JsonObject }>();

  const lookUp = async (account: Account): Promise<JsonObject | undefined> => {
    const now = clock.now();
    const key = `${account.tenant}/${account.object}`;
    const known = kept.get(key);
    if (known !== undefined && now >= known.at && now - known.at < FRESH_MS) return known.member;
    const outcome = await client.call(
      account.serviceUrl,
      {
        do: "getConversationMember",
        conversation: withoutThread(account.conversation),
        member: account.user,
      },
      TIMEOUT_MS,
    );
    kept.delete(key);
    if (outcome.kind !== "ok" || objectIdIn(outcome.data) !== account.object) return undefined;
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, { at: now, member: outcome.data });
    return outcome.data;
  };

  return async (account) => {
    const member = await lookUp(account);
    if (member === undefined) return undefined;
    const tenant = textAt(member, "tenantId") ?? account.tenant;
    return {
      surface: "teams",
      id: account.object,
      account: `teams:${tenant}/${account.object}`,
      name: textAt(member, "name") ?? account.name ?? account.object,
      standing: standingOf({ tenantId: account.tenant, ...member }, parts.tenantId),
    };
  };
}

/** The service has called it by either name. */
function objectIdIn(member: JsonObject): string | undefined {
  return (textAt(member, "aadObjectId") ?? textAt(member, "objectId"))?.toLowerCase();
}

/** The worst that is true; `#EXT#` is how Entra marks the accounts of guests (learn.microsoft.com, "Properties of a B2B user"). */
export function standingOf(member: JsonObject, tenantId: string): Standing {
  const tenant = textAt(member, "tenantId");
  const role = textAt(member, "userRole")?.toLowerCase();
  if (role === "anonymous") return "anonymous";
  if (role === "bot" || textAt(member, "id")?.startsWith("28:")) return "bot";
  if (tenant !== undefined && tenant.toLowerCase() !== tenantId.toLowerCase()) return "stranger";
  if (role === "guest" || /#EXT#/i.test(textAt(member, "userPrincipalName") ?? "")) return "guest";
  return "member";
}
