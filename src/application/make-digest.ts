/** Makes digests: those that fall due, once for each schedule and local date, and those that somebody asks for. */
import type { Agent } from "../domain/agent.ts";
import { SYSTEM } from "../domain/audit.ts";
import { type Address, newCopy } from "../domain/delivery/copy.ts";
import { addressesOf } from "../domain/delivery/reach.ts";
import type { DigestId, PersonId } from "../domain/ids.ts";
import { type Due, due } from "../domain/job.ts";
import { type Actor, named } from "../domain/people.ts";
import type { AgentReport, Digest, DigestKind, Reader } from "../domain/review/digest.ts";
import { digestDays } from "../domain/review/digest-days.ts";
import {
  latestOccurrence,
  nextOccurrence,
  type Occurrence,
  type ReadCron,
  type Schedule,
  schedulesOf,
} from "../domain/review/review-schedule.ts";
import { localDay, startOfDay } from "../domain/time/local-day.ts";
import { formatDuration, HOUR } from "../domain/time/time.ts";
import { type Context, newCopyId } from "./context.ts";
import type { LookBack } from "./look-back.ts";

/** A digest that is later than this is not sent any more: its news is old, and the next one has the same numbers. */
const LATEST = 6 * HOUR;

/** So many missed ones are noted one by one; further back nobody looks. */
const MOST_NOTED = 31;

export interface MakeDigest {
  /**
   * Does what has been due of a schedule since `dueAt`, and says when to look again; undefined when nobody is on it any more.
   */
  fallDue(
    schedule: string,
    dueAt: number,
  ): Promise<{ readonly again: number; readonly error: null } | undefined>;
  /** At once and for one person, about the agents they name; kept where it can be signed. */
  forPerson(actor: Actor, kind: DigestKind, agents: readonly Agent[]): Promise<Digest>;
}

export function makeDigest(context: Context, look: LookBack, readCron: ReadCron): MakeDigest {
  const { store, clock, log } = context;

  async function reportsOn(agents: readonly Agent[], kind: DigestKind, date: string) {
    const reports: AgentReport[] = [];
    for (const agent of agents) {
      reports.push(await look(agent, kind, date));
      // A store in the same process reads without a pause: others are served between two agents.
      await new Promise((resolve) => setImmediate(resolve));
    }
    return reports;
  }

  function newDigest(
    about: Pick<Digest, "kind" | "schedule" | "date" | "zone" | "reader">,
    more: Pick<Digest, "agents" | "skipped">,
  ): Digest {
    const { days } = digestDays(about.kind, about.date);
    const time = { from: startOfDay(about.zone, days.from), to: startOfDay(about.zone, days.to) };
    const id = `digest_${context.ids.next()}` as DigestId;
    return { id, ...about, ...time, createdAt: clock.now(), ...more };
  }

  async function send(schedule: Schedule, { date }: Occurrence, agents: readonly Agent[]): Promise<void> {
    const { key, kind, zone, reader } = schedule;
    const reports = await reportsOn(agents, kind, date);
    const digest = newDigest({ kind, schedule: key, date, zone, reader }, { agents: reports, skipped: null });
    const now = clock.now();
    const copies = whereTo(reader, agents).map((address) =>
      newCopy({ id: newCopyId(context), digest: digest.id, part: "digest", address, createdAt: now }),
    );
    const saved = await store.save({
      digest,
      copies,
      jobs: [...copies.map((copy) => due("draw", copy.id, now)), ...deadlinesOf(digest, agents)],
      audit: [
        {
          ...{ at: now, kind: "digest.made", actor: SYSTEM },
          detail: { digest: digest.id, schedule: key, date, agents: agents.length },
        },
      ],
    });
    const facts = { digest: digest.id, schedule: key, date, copies: copies.length };
    if (saved === "conflict") log.info(facts, "this digest was made elsewhere at the same time");
    else if (copies.length > 0 || context.platforms.length === 0) log.info(facts, "a digest was made");
    else
      log.warn(facts, "nobody who should read this digest can be reached in chat; it stands in the console");
  }

  /** When nobody has signed by then, the charter may hold the agent. */
  function deadlinesOf({ id, kind, createdAt }: Digest, agents: readonly Agent[]): readonly Due[] {
    if (kind === "daily") return [];
    return agents.flatMap(({ id: agent, charter }) => {
      const after = charter.review.unsigned?.hold_after;
      return after === undefined ? [] : [due("review", `${id}/${agent}`, createdAt + after)];
    });
  }

  /** Where the reader is to be found; for a channel on a platform that is off, the owners. */
  function whereTo(reader: Reader, agents: readonly Agent[]): readonly Address[] {
    const at = (stage: Pick<Parameters<typeof addressesOf>[0], "people" | "channel">) =>
      addressesOf({ ...stage, within: 0 }, context.people, context.platforms);
    if (reader.kind === "person") return at({ people: [reader.id], channel: null });
    const there = at({ people: [], channel: reader.channel });
    if (there.length > 0) return there;
    const owners = new Set(agents.map(({ charter }) => charter.ownership.owner));
    const people = context.people.people.filter(({ id }) => owners.has(id)).map(({ id }) => id);
    return at({ people, channel: null });
  }

  /** It was due while nothing ran. */
  async function note({ key, kind, zone, reader }: Schedule, { date, at }: Occurrence): Promise<void> {
    const now = clock.now();
    const skipped = `Holdpoint was away when it was due and came back ${formatDuration(now - at)} later`;
    const digest = newDigest({ kind, schedule: key, date, zone, reader }, { agents: [], skipped });
    const detail = { digest: digest.id, schedule: key, date };
    await store.save({ digest, audit: [{ at: now, kind: "digest.skipped", actor: SYSTEM, detail }] });
    log.warn({ schedule: key, date }, `a digest was not sent: ${skipped}`);
  }

  return {
    async fallDue(key, dueAt) {
      const all = await store.agents.all();
      const agents = all.filter((agent) => scheduleOf(agent, key));
      const [first] = agents;
      const schedule = first && scheduleOf(first, key);
      if (!schedule) return undefined;
      const now = clock.now();
      const missed = await missing(schedule, dueAt, now);
      for (const one of missed) {
        if (now - one.at > LATEST) await note(schedule, one);
        else await send(schedule, one, agents);
      }
      return { again: nextOccurrence(schedule, now).at, error: null };
    },
    async forPerson(actor, kind, agents) {
      const zone = agents[0]?.charter.review.timezone ?? "UTC";
      const date = localDay(zone, clock.now());
      const reports = await reportsOn(agents, kind, date);
      const reader: Reader = { kind: "person", id: named(actor).id as PersonId };
      const schedule = `asked:${context.ids.next()}`;
      const digest = newDigest({ kind, schedule, date, zone, reader }, { agents: reports, skipped: null });
      // A daily digest is read and done with; the others can be signed.
      if (kind !== "daily") await store.save({ digest, audit: [] });
      return digest;
    },
  };

  function scheduleOf(agent: Agent, key: string): Schedule | undefined {
    return schedulesOf(agent, readCron).find((schedule) => schedule.key === key);
  }

  /** Occurrences from `dueAt` to now, and the latest in any case, for which there is no digest yet: oldest first. */
  async function missing(schedule: Schedule, dueAt: number, now: number): Promise<readonly Occurrence[]> {
    const known = (await store.digests.latestDate(schedule.key)) ?? "";
    const found: Occurrence[] = [];
    let one = latestOccurrence(schedule, now);
    while (one.date > known && found.length < MOST_NOTED && (found.length === 0 || one.at >= dueAt)) {
      found.unshift(one);
      one = latestOccurrence(schedule, one.at - 1);
    }
    return found;
  }
}
