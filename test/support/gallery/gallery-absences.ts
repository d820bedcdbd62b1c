/** Exhibits of people who are away: their requests with whoever stands in, and the answers to out, back and queue. */
import { awayBlocks, awayCard, backCard, outCard } from "../../../src/cards/absence-cards.ts";
import { ownerCard, queueCard } from "../../../src/cards/agent-cards.ts";
import { homeCard } from "../../../src/cards/home-card.ts";
import { nudgeCard } from "../../../src/cards/nudge-card.ts";
import type { Absence } from "../../../src/domain/chain/absence.ts";
import type { AbsenceId } from "../../../src/domain/ids.ts";
import { DAY, HOUR, MINUTE } from "../../../src/domain/time/time.ts";
import {
  CONSOLE_PAGE,
  drawer,
  type Exhibit,
  exampleAgent,
  exampleEscalation,
  JAMES,
  PEOPLE,
  PRIYA,
  SARAH,
} from "./gallery-scene.ts";

export function absenceExhibits(now: number): readonly Exhibit[] {
  const card = drawer(now);
  const until = now + 4 * DAY;
  const absence: Absence = {
    id: "abs_01K8ZQ4T9V6E3M2N7P5R8S1W0A" as AbsenceId,
    ...{ person: SARAH.id, deputy: JAMES.id, from: now, until, saidBy: SARAH, saidAt: now, endedAt: null },
  };
  const later: Absence = { ...absence, person: PRIYA.id, from: now + DAY };
  const circle: Absence = { ...absence, person: JAMES.id, deputy: SARAH.id };
  const away = { absences: [absence, later], people: PEOPLE, now };
  const facts = { people: PEOPLE, by: SARAH, now };
  const said = { absence, person: SARAH, waiting: 2, zone: "Europe/London" };
  const deputy = { kind: "deputy", person: JAMES.id, until } as const;
  const standIns = [{ person: JAMES.id, for: SARAH.id, until, since: now - MINUTE }];
  const inPlace = { standIns, asked: [SARAH.id, JAMES.id] };
  const rounds = { stage: 2, rounds: 3, stageStartedAt: now, dueAt: now + 8 * HOUR, breached: true };
  const reminder = { agent: exampleAgent(now), consoleUrl: CONSOLE_PAGE, people: PEOPLE, now };
  const queue = { queue: [exampleEscalation(now, inPlace)], agents: [exampleAgent(now)], now };
  return [
    { name: "a deputy is asked", card: card(inPlace) },
    { name: "a deputy is asked, and somebody by name", card: card({ ...inPlace, reassigned: [PRIYA.id] }) },
    {
      name: "the next stage, because nobody stands in",
      card: card({ stage: 1, asked: [JAMES.id], stageStartedAt: now - MINUTE, dueAt: now + 4 * HOUR }),
    },
    {
      name: "reminder of a deputy",
      card: nudgeCard({ ...reminder, escalation: exampleEscalation(now, inPlace) }),
    },
    {
      name: "asked for the fourth time",
      card: nudgeCard({ ...reminder, escalation: exampleEscalation(now, rounds) }),
    },
    { name: "out", card: outCard({ ...said, cover: deputy }, facts) },
    {
      name: "out later, said by somebody else",
      card: outCard({ ...said, absence: later, person: PRIYA, cover: deputy, waiting: 0 }, facts),
    },
    {
      name: "out, the deputy's deputy",
      card: outCard({ ...said, cover: { ...deputy, person: PRIYA.id } }, facts),
    },
    { name: "out, nobody stands in", card: outCard({ ...said, cover: { kind: "nobody", until } }, facts) },
    { name: "back", card: backCard(SARAH, SARAH) },
    { name: "back, said by somebody else", card: backCard(SARAH, JAMES) },
    { name: "who is away", card: awayCard(away) },
    { name: "nobody is away", card: awayCard({ ...away, absences: [] }) },
    { name: "owner who is away", card: ownerCard(exampleAgent(now), away) },
    { name: "queue of somebody away", card: queueCard(queue, awayBlocks(SARAH, away)) },
    { name: "queue of a deputy", card: queueCard(queue, awayBlocks(JAMES, away)) },
    {
      name: "home of somebody for whom nobody stands in",
      card: homeCard({
        ...{ ...queue, person: SARAH, mine: [], consoleUrl: null },
        away: awayBlocks(SARAH, { ...away, absences: [absence, circle] }),
      }),
    },
  ];
}
