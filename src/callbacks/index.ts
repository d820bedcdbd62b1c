/** The callbacks' edge as the use-cases know it: signs each attempt anew and sends it once. */
import type { CallbackSender } from "../application/ports.ts";
import type { AllowList } from "./allow-list.ts";
import { createCallbackSender } from "./send-callback.ts";
import { signWebhook } from "./standard-webhooks.ts";

export function createCallbacks(allow: AllowList): CallbackSender & { close(): Promise<void> } {
  const sender = createCallbackSender({ allow });
  return {
    async send({ url, id, body, secrets, at }) {
      const timestampSeconds = Math.floor(at / 1_000);
      const signature = signWebhook({ id, timestampSeconds, body, secrets });
      const outcome = await sender.send({ url, id, body, timestampSeconds, signature });
      return outcome.kind === "retry" ? { ...outcome, after: outcome.retryAfterMs ?? null } : outcome;
    },
    close: () => sender.close(),
  };
}
