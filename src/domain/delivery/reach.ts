/** Where an escalation is to be seen: which copies of which card belong at which addresses. */
import { lastNotice, presentStage } from "../chain/advance.ts";
import { ROUNDS_POSTED, type Stage } from "../chain/chain.ts";
import type { Escalation } from "../escalation/escalation.ts";
import type { PersonId } from "../ids.ts";
import type { Directory } from "../people.ts";
import { type Address, addressKey, type Copy, type CopyPart, channelAddress } from "./copy.ts";

export interface Wanted {
  readonly part: CopyPart;
  readonly address: Address;
}

/** Everything an escalation should stand as by now; what is there already is matched by `copyKey`. */
export function wantedCopies(
  escalation: Escalation,
  copies: readonly Copy[],
  people: Directory,
  platforms: readonly string[],
): readonly Wanted[] {
  const reached = escalation.chain.stages.slice(0, escalation.stage + 1);
  const channels = reached.map((stage) => ({ ...stage, people: [] }));
  const at = (stage: Stage) => addressesOf(stage, people, platforms);
  const cards = [...channels.flatMap(at), ...addressesOfPeople(escalation.asked, people, platforms)];
  const threads = hasContext(escalation)
    ? copies.filter((copy) => copy.part === "card" && copy.ref !== null)
    : [];
  const wanted: readonly Wanted[] = [
    ...cards.map((address) => ({ part: "card" as const, address })),
    ...threads.map(({ address }) => ({ part: "context" as const, address })),
    ...(escalation.status === "open"
      ? nudges(escalation).flatMap((part) =>
          at(whoKnewBefore(escalation)).map((address) => ({ part, address })),
        )
      : []),
  ];
  return [...new Map(wanted.map((one) => [copyKey(one), one])).values()];
}

export function copyKey(copy: Wanted): string {
  return `${copy.part} ${addressKey(copy.address)}`;
}

/** Whether the people of the present stage can be reached at all: some address of theirs is not given up. */
export function stageIsReachable(
  escalation: Escalation,
  copies: readonly Copy[],
  people: Directory,
  platforms: readonly string[],
): boolean {
  const lost = new Set(copies.filter((copy) => copy.state === "undeliverable").map(copyKey));
  return addressesOf(presentStage(escalation), people, platforms).some(
    (address) => !lost.has(copyKey({ part: "card", address })),
  );
}

export function addressesOf(
  stage: Stage,
  people: Directory,
  platforms: readonly string[],
): readonly Address[] {
  const channel = stage.channel ? [channelAddress(stage.channel)] : [];
  return [
    ...channel.filter((address) => platforms.includes(address.platform)),
    ...addressesOfPeople(stage.people, people, platforms),
  ];
}

function addressesOfPeople(
  ids: readonly PersonId[],
  people: Directory,
  platforms: readonly string[],
): readonly Address[] {
  return ids.flatMap((id) => {
    const accounts = people.find(id)?.accounts ?? {};
    return platforms.flatMap((platform) => {
      const account = accounts[platform];
      return account ? [{ platform, kind: "person" as const, id: account }] : [];
    });
  });
}

/**
 * One notice for the latest reminder of the present stage, or for a round after the first; earlier ones stand where they
 * stand, and rounds that are no longer posted are told on the last one that was.
 */
function nudges({ stage, rounds, reminders }: Escalation): readonly CopyPart[] {
  if (rounds > 0) return [`nudge.${stage}.${Math.min(rounds, ROUNDS_POSTED)}.0`];
  return reminders > 0 ? [`nudge.${stage}.0.${reminders}`] : [];
}

/** The present stage without deputies who were asked only after its last notice: their card is news enough. */
function whoKnewBefore(escalation: Escalation): Stage {
  const stage = presentStage(escalation);
  const notice = lastNotice(escalation) ?? 0;
  const late = escalation.standIns.filter(({ since }) => since > notice).map(({ person }) => person);
  return { ...stage, people: stage.people.filter((id) => !late.includes(id)) };
}

/** Whether a message stays as it was posted while there is something to do: a reminder says how long somebody has waited by then. */
export function staysAsItIs({ part, ref }: Pick<Copy, "part" | "ref">, escalation: Escalation): boolean {
  if (escalation.status !== "open" || !part.startsWith("nudge.") || ref === null) return false;
  return escalation.rounds <= ROUNDS_POSTED || !nudges(escalation).includes(part);
}

/** Longer arguments may be cut on the card, so they stand in full under it. */
const LONG_ARGS = 1_000;

/** Whether there is more to read than the card shows: a request that carries nothing more needs no second message. */
export function hasContext({ request }: Escalation): boolean {
  const { context, transcript, links, action } = request;
  const lists = [context, transcript, links];
  return (
    lists.some((list) => list && list.length > 0) ||
    (action ? JSON.stringify(action.args).length > LONG_ARGS : false)
  );
}
