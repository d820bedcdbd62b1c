/** Draws one copy of a card from the state of its escalation: posts it once, and redraws it whenever the state has changed. */
import type { Card } from "../cards/card.ts";
import { type AuditKind, SYSTEM } from "../domain/audit.ts";
import type { Copy } from "../domain/copy.ts";
import type { Escalation } from "../domain/escalation.ts";
import type { CopyId } from "../domain/ids.ts";
import { due } from "../domain/job.ts";
import { MINUTE, SECOND } from "../domain/time.ts";
import type { Context } from "./context.ts";
import type { DrawCard } from "./draw-card.ts";
import type { ChatPlatform, Drawn } from "./ports.ts";

/** A post whose end is unknown may still arrive: only after this long does "not there" mean that it never will. */
const SETTLES_AFTER = 30 * SECOND;
/** When looking for it fails for this long, it is posted again: a second card is harmless, a missing one is not. */
const GIVES_UP_LOOKING_AFTER = 60 * SECOND;
/** A platform that cannot be reached is tried for as long as there is something to show, but hardly more than once a minute. */
const LONGEST_WAIT = MINUTE;

/** Milliseconds since 1970 at which to run again; undefined when the copy is as it should be. */
export type DrawCopy = (
  id: CopyId,
) => Promise<{ readonly again: number; readonly error: string | null } | undefined>;

export function drawCopy(
  context: Context,
  platforms: ReadonlyMap<string, ChatPlatform>,
  drawCard: DrawCard,
): DrawCopy {
  const { store, clock } = context;

  return async (id) => {
    const copy = await store.copies.find(id);
    const platform = copy && platforms.get(copy.address.platform);
    if (!copy?.escalation || !platform || copy.state === "undeliverable" || copy.state === "stale")
      return undefined;
    const escalation = await store.escalations.find(copy.escalation);
    if (!escalation) return undefined;
    const card = await drawCard(copy.part, escalation);
    const drawn = context.sha256(JSON.stringify(card));
    if (copy.ref)
      return copy.drawn === drawn ? undefined : redraw(platform, copy, copy.ref, escalation, card, drawn);
    if (copy.state === "posting") return reconcile(platform, copy, escalation, card, drawn);
    return post(platform, copy, escalation, card, drawn);
  };

  async function post(platform: ChatPlatform, copy: Copy, escalation: Escalation, card: Card, drawn: string) {
    const under = copy.part === "context" ? await threadOf(copy) : null;
    const begun: Copy = { ...copy, state: "posting", attempts: copy.attempts + 1, attemptedAt: clock.now() };
    // Written before the call: a crash from here on leaves "posting", and whoever finds that looks before posting again.
    await store.save({ copies: [begun], audit: [] });
    return settle(begun, escalation, await platform.post(copy.address, card, copy.id, under), drawn);
  }

  /** An earlier post came to an unknown end. */
  async function reconcile(
    platform: ChatPlatform,
    copy: Copy,
    escalation: Escalation,
    card: Card,
    drawn: string,
  ) {
    const now = clock.now();
    const attemptedAt = copy.attemptedAt ?? copy.createdAt;
    const found = await platform.find(copy.address, copy.id, attemptedAt);
    if (found.kind === "found") {
      // What it shows is not known, so it is drawn again from the state.
      await shown({ ...copy, drawn: null }, escalation, found.ref, null);
      return { again: now, error: null };
    }
    const uncertainSince = copy.uncertainSince ?? attemptedAt;
    if (found.kind === "absent" && now - attemptedAt >= SETTLES_AFTER)
      return post(platform, copy, escalation, card, drawn);
    if (found.kind === "unknown" && now - uncertainSince >= GIVES_UP_LOOKING_AFTER) {
      await store.save({ audit: [line(copy, escalation, "card.duplicate_possible", { why: found.why })] });
      return post(platform, { ...copy, uncertainSince: null }, escalation, card, drawn);
    }
    if (copy.uncertainSince === null) await store.save({ copies: [{ ...copy, uncertainSince }], audit: [] });
    const again = found.kind === "absent" ? attemptedAt + SETTLES_AFTER : now + 5 * SECOND;
    return { again, error: null };
  }

  async function redraw(
    platform: ChatPlatform,
    copy: Copy,
    ref: NonNullable<Copy["ref"]>,
    escalation: Escalation,
    card: Card,
    drawn: string,
  ) {
    const result = await platform.update(ref, card, copy.id);
    switch (result.kind) {
      case "uncertain":
        // An update may be repeated at will: it draws the same state.
        return { again: clock.now() + 2 * SECOND, error: result.why };
      case "gone":
        // Somebody deleted the message. While a decision is wanted it is posted anew; afterwards there is nothing to show.
        await store.save({
          copies: [
            escalation.status === "open"
              ? { ...copy, state: "wanted", ref: null, drawn: null }
              : { ...copy, state: "stale", error: "the message was deleted" },
          ],
          audit: [],
        });
        return escalation.status === "open" ? { again: clock.now(), error: null } : undefined;
      default:
        return settle(copy, escalation, result, drawn);
    }
  }

  async function settle(copy: Copy, escalation: Escalation, result: Drawn, drawn: string) {
    const now = clock.now();
    switch (result.kind) {
      case "shown":
        await shown(copy, escalation, result.ref, drawn);
        return undefined;
      case "uncertain":
        await store.save({ copies: [{ ...copy, uncertainSince: now, error: result.why }], audit: [] });
        return { again: now + 5 * SECOND, error: null };
      case "later":
        if (!copy.ref)
          await store.save({ copies: [{ ...copy, state: "wanted", error: result.why }], audit: [] });
        if (result.paced) return { again: now + result.after, error: null };
        return { again: now + Math.max(result.after, patience(copy, now)), error: result.why };
      case "undeliverable":
        return lost(copy, escalation, result.why);
      case "stale":
        await store.save({ copies: [{ ...copy, state: "stale", error: result.why }], audit: [] });
        return undefined;
      case "gone":
        return lost(copy, escalation, "the message is gone");
    }
  }

  /** A tenth of the time it has been in vain: an outage of seconds costs seconds, one of hours no thousand calls. */
  function patience(copy: Copy, now: number): number {
    return copy.ref ? 0 : Math.min(LONGEST_WAIT, Math.round((now - copy.createdAt) / 10));
  }

  async function shown(
    copy: Copy,
    escalation: Escalation,
    ref: NonNullable<Copy["ref"]>,
    drawn: string | null,
  ) {
    const first = copy.ref === null;
    await store.save({
      copies: [{ ...copy, state: "shown", ref, drawn, uncertainSince: null, error: null }],
      // The context goes under the card, so it can be named only now.
      jobs:
        first && copy.part === "card" ? [due("publish", escalation.id, clock.now(), `under:${copy.id}`)] : [],
      audit: first ? [line(copy, escalation, "card.shown", { attempts: copy.attempts, drawn })] : [],
    });
  }

  async function lost(copy: Copy, escalation: Escalation, why: string) {
    await store.save({
      copies: [{ ...copy, state: "undeliverable", error: why }],
      jobs: [due("publish", escalation.id, clock.now(), `lost:${copy.id}`)],
      audit: [line(copy, escalation, "card.undeliverable", { why })],
    });
    context.log.error(
      { escalation: escalation.id, copy: copy.id, platform: copy.address.platform },
      `a card cannot be shown: ${why}`,
    );
    return undefined;
  }

  /** The card this context belongs under. */
  async function threadOf(copy: Copy) {
    const copies = copy.escalation ? await store.copies.of(copy.escalation) : [];
    return copies.find((one) => one.part === "card" && one.address.id === copy.address.id)?.ref ?? null;
  }

  function line(
    copy: Copy,
    escalation: Escalation,
    kind: AuditKind,
    detail: Readonly<Record<string, unknown>>,
  ) {
    const about = { copy: copy.id, part: copy.part, platform: copy.address.platform };
    return {
      at: clock.now(),
      kind,
      actor: SYSTEM,
      agent: escalation.agent,
      escalation: escalation.id,
      detail: { ...about, ...detail },
    };
  }
}
