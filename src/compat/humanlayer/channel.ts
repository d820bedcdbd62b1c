/** A HumanLayer contact channel without its secrets: what is kept and given back, and what the person asked should read. */
import { z } from "zod";

const text = z.string().max(1_000).nullish();
const phone = z.object({ phone_number: text, context_about_user: text }).nullish();

/**
 * Field by field, so that what is not named here (`bot_token` above all) is dropped before anything is stored. Who is asked
 * is the charter's to say: the addresses in here are for the client alone.
 */
export const channelSchema = z
  .object({
    slack: z
      .object({
        channel_or_user_id: text,
        context_about_channel_or_user: text,
        thread_ts: text,
        allowed_responder_ids: z.array(z.string().max(100)).max(100).nullish(),
      })
      .nullish(),
    email: z
      .object({ address: text, context_about_user: text, subject: text, experimental_subject_line: text })
      .nullish(),
    sms: phone,
    whatsapp: phone,
  })
  .nullish()
  // A channel of another shape is no reason to refuse a question.
  .catch(null);

export type Channel = z.output<typeof channelSchema>;

/** What the agent says of the person or place it wants to reach. */
export function aboutChannel(channel: Channel): readonly { label: string; value: string }[] {
  return Object.values(channel ?? {}).flatMap((medium) => {
    if (!medium) return [];
    const about =
      "context_about_channel_or_user" in medium
        ? medium.context_about_channel_or_user
        : "context_about_user" in medium
          ? medium.context_about_user
          : null;
    return about ? [{ label: "Who the agent means to ask", value: about }] : [];
  });
}
