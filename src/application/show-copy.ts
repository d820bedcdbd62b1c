/** What a copy shows at this moment: an escalation, its context or a reminder, the rows of a queue card, a digest. */
import type { Card } from "../cards/card.ts";
import { requestsCard } from "../cards/queue-card.ts";
import { requestsNudgeCard } from "../cards/queue-nudge-card.ts";
import type { Copy } from "../domain/delivery/copy.ts";
import type { Shows } from "../domain/delivery/drawn-steps.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { AgentId, CopyId, DigestId } from "../domain/ids.ts";
import type { Context } from "./context.ts";
import type { DrawAlarm } from "./draw-alarm.ts";
import type { DrawCard } from "./draw-card.ts";

export interface Display {
  readonly card: Card;
  /** Somebody is to act on it: where it was deleted it is posted anew. */
  readonly wanted: boolean;
  readonly shows: readonly Shows[];
  /** Copies that are drawn anew when it is. */
  readonly anew: readonly CopyId[];
}

export type ShowCopy = (copy: Copy) => Promise<Display | undefined>;
/** Undefined where there is no such digest. */
export type DrawDigest = (id: DigestId) => Promise<Card | undefined>;

/** The list of a queue card for one person, from a row on, and one of its agents; undefined where there is no such card. */
export type ListQueue = (
  queue: CopyId,
  from: number,
) => Promise<{ readonly card: Card; readonly agent: AgentId } | undefined>;

export function showCopy(
  context: Context,
  draw: { readonly card: DrawCard; readonly digest: DrawDigest; readonly alarm: DrawAlarm },
): { readonly show: ShowCopy; readonly list: ListQueue } {
  const { store, clock } = context;

  return {
    async show(copy) {
      if (copy.part === "queue") return queue(copy);
      if (copy.queue) return reminder(copy.queue);
      if (copy.part === "alarm") {
        const card = await draw.alarm(copy.id);
        return card && { card, wanted: false, shows: [], anew: [] };
      }
      if (copy.digest) {
        const card = await draw.digest(copy.digest);
        return card && { card, wanted: false, shows: [], anew: [] };
      }
      const escalation = copy.escalation ? await store.escalations.find(copy.escalation) : undefined;
      if (!escalation) return undefined;
      const card = await draw.card(copy.part, escalation);
      return { card, wanted: escalation.status === "open", shows: [{ copy, escalation }], anew: [] };
    },
    async list(id, from) {
      const requests = await store.escalations.inQueue(id);
      const [first] = requests;
      return first && { agent: first.agent, card: await listed(id, requests, from) };
    },
  };

  async function queue(copy: Copy): Promise<Display> {
    const [named, requests] = await Promise.all([
      store.copies.inQueue(copy.id),
      store.escalations.inQueue(copy.id),
    ]);
    const rows = new Map(named.filter(({ part }) => part === "card").map((row) => [row.escalation, row]));
    const shows = requests.flatMap((escalation): Shows[] => {
      const row = rows.get(escalation.id);
      return row ? [{ copy: row, escalation }] : [];
    });
    const [only, ...others] = requests;
    const wanted = requests.some(({ status }) => status === "open");
    return {
      // One that nobody has joined yet is the request's own card.
      card: only && others.length === 0 ? await draw.card("card", only) : await listed(copy.id, requests, 0),
      wanted,
      shows,
      // Reminders ask for nothing any more once everything is settled.
      anew: wanted ? [] : named.filter(({ part }) => part !== "card").map(({ id }) => id),
    };
  }

  async function listed(id: CopyId, requests: readonly Escalation[], from: number): Promise<Card> {
    const agents = await store.agents.all();
    return requestsCard({ queue: id, requests, agents, from, ...where() });
  }

  async function reminder(id: CopyId): Promise<Display> {
    const [requests, agents] = await Promise.all([store.escalations.inQueue(id), store.agents.all()]);
    const card = requestsNudgeCard({ queue: id, requests, agents, ...where() });
    return { card, wanted: requests.some(({ status }) => status === "open"), shows: [], anew: [] };
  }

  function where() {
    return { people: context.people, consoleUrl: context.publicUrl, now: clock.now() };
  }
}
