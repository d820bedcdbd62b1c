/** Draws one copy of a card from the state of what it shows: posts it once, and redraws it whenever that has changed. */
import type { Copy, MessageRef } from "../domain/delivery/copy.ts";
import { whenDoubtful, whenGone, whenLost, whenShown, whenStale } from "../domain/delivery/drawn-steps.ts";
import type { CopyId } from "../domain/ids.ts";
import { type Count, countLostCard } from "../domain/review/counts.ts";
import type { Step } from "../domain/step.ts";
import { MINUTE, SECOND } from "../domain/time/time.ts";
import { agentOf, type Context } from "./context.ts";
import type { PlaceCopy } from "./place-copy.ts";
import type { ChatPlatform, Drawn } from "./ports.ts";
import type { Display, ShowCopy } from "./show-copy.ts";

/** A post whose end is unknown may still arrive: only after this long does "not there" mean that it never will. */
const SETTLES_AFTER = 30 * SECOND;
/** When looking for it fails for this long, it is posted again: a second card is harmless, a missing one is not. */
const GIVES_UP_LOOKING_AFTER = 60 * SECOND;
/** A platform that cannot be reached is tried for as long as there is something to show, but hardly more than once a minute. */
const LONGEST_WAIT = MINUTE;

/** Milliseconds since 1970 at which to run again; undefined when the copy is as it should be. */
type Left = { readonly again: number; readonly error: string | null } | undefined;
export type DrawCopy = (id: CopyId) => Promise<Left>;

export function drawCopy(
  context: Context,
  platforms: ReadonlyMap<string, ChatPlatform>,
  { show, place }: { readonly show: ShowCopy; readonly place: PlaceCopy },
): DrawCopy {
  const { store, clock } = context;
  const atOnce = (): Left => ({ again: clock.now(), error: null });

  return async (id) => {
    const copy = await store.copies.find(id);
    const platform = copy && platforms.get(copy.address.platform);
    if (!platform || copy.state === "undeliverable" || copy.state === "stale") return undefined;
    // A row has no message of its own: the queue card's job draws it.
    if (copy.part === "card" && copy.queue) return undefined;
    if (copy.ref) return redraw(platform, copy, copy.ref);
    if (copy.state === "posting") return reconcile(platform, copy);
    const placed = await place(copy);
    if (placed.kind === "placed") return undefined;
    return placed.kind === "wait" ? { again: placed.until, error: null } : post(platform, copy);
  };

  async function post(platform: ChatPlatform, copy: Copy): Promise<Left> {
    const under = copy.part === "context" ? await threadOf(copy) : null;
    const begun: Copy = { ...copy, state: "posting", attempts: copy.attempts + 1, attemptedAt: clock.now() };
    // Written before the call: a crash from here on leaves "posting", and whoever finds that looks before posting again.
    if (await outdated({ copies: [begun], copiesSeen: [copy], audit: [] })) return atOnce();
    // Read only now: whatever joins a queue card from here on sees that it is being posted, and has it redrawn.
    const display = await show(begun);
    if (!display) return lost(begun, { shows: [] }, "there is nothing to show any more");
    const drawn = digestOf(display);
    return settle(begun, display, await platform.post(copy.address, display.card, copy.id, under), {
      drawn,
      before: copy,
    });
  }

  /** An earlier post came to an unknown end. */
  async function reconcile(platform: ChatPlatform, copy: Copy): Promise<Left> {
    const now = clock.now();
    const attemptedAt = copy.attemptedAt ?? copy.createdAt;
    const found = await platform.find(copy.address, copy.id, attemptedAt);
    if (found.kind === "found") {
      // What it shows is not known, so it is drawn again from the state; so are the rows of a queue card, then.
      const shows = copy.part === "queue" ? [] : ((await show(copy))?.shows ?? []);
      await store.save(whenShown(copy, shows, { ref: found.ref, drawn: null, anew: [], now }));
      return { again: now, error: null };
    }
    const uncertainSince = copy.uncertainSince ?? attemptedAt;
    if (found.kind === "absent" && now - attemptedAt >= SETTLES_AFTER) return post(platform, copy);
    if (found.kind === "unknown" && now - uncertainSince >= GIVES_UP_LOOKING_AFTER) {
      await store.save(whenDoubtful(copy, (await show(copy))?.shows ?? [], found.why, now));
      return post(platform, { ...copy, uncertainSince: null });
    }
    if (copy.uncertainSince === null) await save({ copies: [{ ...copy, uncertainSince }] }, copy);
    const again = found.kind === "absent" ? attemptedAt + SETTLES_AFTER : now + 5 * SECOND;
    return { again, error: null };
  }

  async function redraw(platform: ChatPlatform, copy: Copy, ref: MessageRef): Promise<Left> {
    const display = await show(copy);
    if (!display) return undefined;
    const drawn = digestOf(display);
    if (copy.drawn === drawn) return undefined;
    const result = await platform.update(ref, display.card, copy.id);
    switch (result.kind) {
      case "uncertain":
        // An update may be repeated at will: it draws the same state.
        return { again: clock.now() + 2 * SECOND, error: result.why };
      case "gone":
        if (await outdated(whenGone(copy, display.shows, display.wanted, clock.now()))) return atOnce();
        return display.wanted ? atOnce() : undefined;
      default:
        return settle(copy, display, result, { drawn, before: copy });
    }
  }

  /** @param before the copy as it was before this attempt: one that was only held back was none */
  async function settle(
    copy: Copy,
    display: Display,
    result: Drawn,
    { drawn, before }: { readonly drawn: string; readonly before: Copy },
  ): Promise<Left> {
    const now = clock.now();
    switch (result.kind) {
      case "shown": {
        const { ref } = result;
        const { shows, anew } = display;
        return (await outdated(whenShown(copy, shows, { ref, drawn, anew, now }))) ? atOnce() : undefined;
      }
      case "uncertain":
        await save({ copies: [{ ...copy, uncertainSince: now, error: result.why }] }, copy);
        return { again: now + 5 * SECOND, error: null };
      case "later": {
        const tried = result.paced ? before : copy;
        if (!copy.ref) await save({ copies: [{ ...tried, state: "wanted", error: result.why }] }, copy);
        if (result.paced) return { again: now + result.after, error: null };
        return { again: now + Math.max(result.after, patience(copy, now)), error: result.why };
      }
      case "undeliverable":
        return lost(copy, display, result.why);
      case "stale":
        return (await outdated(whenStale(copy, display.shows, result.why, now))) ? atOnce() : undefined;
      case "gone":
        return lost(copy, display, "the message is gone");
    }
  }

  /** A tenth of the time it has been in vain: an outage of seconds costs seconds, one of hours no thousand calls. */
  function patience(copy: Copy, now: number): number {
    return copy.ref ? 0 : Math.min(LONGEST_WAIT, Math.round((now - copy.createdAt) / 10));
  }

  async function lost(copy: Copy, { shows }: Pick<Display, "shows">, why: string): Promise<Left> {
    const step = whenLost(copy, shows, why, clock.now());
    if (await outdated({ ...step, counts: await countsOfLost(copy, shows) })) return atOnce();
    context.log.error(
      {
        escalations: shows.map(({ escalation }) => escalation.id),
        copy: copy.id,
        platform: copy.address.platform,
      },
      `a card cannot be shown: ${why}`,
    );
    return undefined;
  }

  /** For the daily digest: requests whose card nobody can see. */
  async function countsOfLost({ part }: Copy, shows: Display["shows"]): Promise<readonly Count[]> {
    if (part !== "card" && part !== "queue") return [];
    const agents = await Promise.all(shows.map(({ escalation }) => agentOf(context, escalation.agent)));
    return agents.flatMap((agent) => countLostCard(agent, clock.now()));
  }

  /** The card this context belongs under: its own, or the queue card that shows its request as a row. */
  async function threadOf(copy: Copy): Promise<MessageRef | null> {
    const copies = copy.escalation ? await store.copies.of(copy.escalation) : [];
    const card = copies.find((one) => one.part === "card" && one.address.id === copy.address.id);
    const message = card?.queue ? await store.copies.find(card.queue) : card;
    return message?.ref ?? null;
  }

  function digestOf({ card }: Display): string {
    return context.sha256(JSON.stringify(card));
  }

  /** Whether somebody was quicker with this copy: what was to be written then is no longer so. */
  async function outdated(step: Step): Promise<boolean> {
    return (await store.save(step)) === "conflict";
  }

  async function save(step: Pick<Step, "copies">, seen: Copy): Promise<void> {
    await store.save({ ...step, copiesSeen: [seen], audit: [] });
  }
}
