/** A message of ours that nobody has recorded, because its post came to an unknown end, is known by the press on it. */
import { type Copy, type MessageRef, newCopy } from "../domain/delivery/copy.ts";
import { whenShown } from "../domain/delivery/drawn-steps.ts";
import type { EscalationId } from "../domain/ids.ts";
import { due } from "../domain/job.ts";
import type { Step } from "../domain/step.ts";
import { type Context, newCopyId } from "./context.ts";

export interface Pressed {
  readonly platform: string;
  /** Where it stands, as an address the platform understands. */
  readonly channel: string;
  readonly ref: MessageRef;
  /** The account that pressed. */
  readonly account: string;
}

/** From then on it is redrawn like every other copy. */
export type AdoptMessage = (escalation: EscalationId, pressed: Pressed) => Promise<void>;

export function adoptMessage(context: Context): AdoptMessage {
  const { store, clock } = context;

  return async function adopt(id, pressed) {
    if (await store.copies.byRef(pressed.platform, pressed.ref)) return;
    const copies = await store.copies.of(id);
    // The card of a queue shows other requests as well, and is found again by its own mark.
    if (copies.some(({ queue, address }) => queue !== null && address.platform === pressed.platform)) return;
    const escalation = await store.escalations.find(id);
    if (!escalation) return;
    const [now, { ref }] = [clock.now(), pressed];
    const copy = copies.find((one) => isOnItsWayThere(one, pressed));
    // Were it a second copy, the message would get that one's mark when it is redrawn; the first would look for its own, and
    // post again.
    const saved = await store.save(
      copy
        ? whenShown(copy, [{ copy, escalation }], { ref, drawn: null, anew: [copy.id], now })
        : withAnother(id, pressed, now),
    );
    // Its post has ended at this very moment.
    if (saved === "conflict") await adopt(id, pressed);
  };

  function withAnother(escalation: EscalationId, { platform, channel, ref }: Pressed, now: number): Step {
    const copy = newCopy({
      ...{ id: newCopyId(context), escalation, part: "card", ref },
      ...{ address: { platform, kind: "channel", id: channel }, state: "shown" },
      ...{ attempts: 1, attemptedAt: now, createdAt: now },
    });
    return { copies: [copy], jobs: [due("draw", copy.id, now)], audit: [] };
  }
}

function isOnItsWayThere({ part, state, address }: Copy, { platform, channel, account }: Pressed): boolean {
  if (part !== "card" || state !== "posting" || address.platform !== platform) return false;
  const place = address.kind === "channel" ? channel : account;
  return address.id.toLowerCase() === place.toLowerCase();
}
