/** Checks an address before anybody depends on it. */
import type { Address } from "../../domain/delivery/copy.ts";
import type { Client, Outcome } from "./client.ts";
import type { Conversations } from "./conversations.ts";
import { failureWords } from "./failure-words.ts";
import { standingOf } from "./identity.ts";

const TIMEOUT_MS = 10_000;

/** Whether Teams knows a person or channel and the app may write there, as words for whoever wrote the address down; else null. */
export async function checkAddress(
  parts: { readonly client: Client; readonly conversations: Conversations; readonly tenantId: string },
  address: Address,
): Promise<string | null> {
  const opened = await parts.conversations.open(address);
  if (!("conversation" in opened)) return opened.why;
  const { serviceUrl, conversation } = opened;
  const outcome = await parts.client.call(
    serviceUrl,
    address.kind === "person"
      ? { do: "getConversationMember", conversation, member: address.id }
      : { do: "getConversationPagedMembers", conversation },
    TIMEOUT_MS,
  );
  if (outcome.kind !== "ok") return trouble(outcome);
  if (address.kind === "channel") return null;
  switch (standingOf(outcome.data, parts.tenantId)) {
    case "guest":
      return "This account is a guest's: guests can decide nothing.";
    case "member":
      return null;
    default:
      return "This account belongs to another organisation: its owner could decide nothing here.";
  }
}

function trouble(outcome: Exclude<Outcome, { kind: "ok" }>): string {
  switch (outcome.kind) {
    case "refused":
      return failureWords(outcome.code, outcome.status);
    case "limited":
      return "Teams limits the calls at this moment: check again in a minute.";
    case "unsent":
    case "unknown":
      return `This could not be checked. ${outcome.why}`;
  }
}
