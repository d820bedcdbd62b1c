/** Checks an address before anybody depends on it. */
import type { Address } from "../../domain/delivery/copy.ts";
import { isTrueAt } from "../payload.ts";
import type { Client } from "./client.ts";
import { failureWords } from "./failure-words.ts";

/** Whether Slack knows a person or channel, as words for whoever wrote the address down; null when it does. */
export async function checkAddress(client: Client, address: Address): Promise<string | null> {
  // conversations.info would need one more scope; reading one message shows the same.
  const outcome =
    address.kind === "person"
      ? await client.call("users.info", { user: address.id })
      : await client.call("conversations.history", { channel: address.id, limit: 1 });
  switch (outcome.kind) {
    case "ok":
      return address.kind === "person" ? accountTrouble(outcome.data) : null;
    case "refused":
      return failureWords(outcome.error);
    case "limited":
      return "Slack limits the calls at this moment: check again in a minute.";
    case "unsent":
    case "unknown":
      return `This could not be checked. ${outcome.why}`;
  }
}

function accountTrouble(data: unknown): string | null {
  const flag = (name: string) => isTrueAt(data, "user", name);
  if (flag("deleted")) return failureWords("user_disabled");
  if (flag("is_bot")) return failureWords("cannot_dm_bot");
  if (flag("is_stranger"))
    return "This account belongs to another workspace: its owner could decide nothing here.";
  if (flag("is_restricted") || flag("is_ultra_restricted"))
    return "This account is a guest's: guests can decide nothing.";
  return null;
}
