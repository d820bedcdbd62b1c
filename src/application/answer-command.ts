/** Answers chat commands: the same words on every platform, each answered with a card for whoever asked. */

import { awayBlocks, awayCard, backCard, outCard } from "../cards/absence-cards.ts";
import {
  type AgentState,
  agentListCard,
  agentStatusCard,
  ownerCard,
  queueCard,
  whyCard,
} from "../cards/agent-cards.ts";
import type { Card } from "../cards/card.ts";
import { helpCard, pausedCard, resumedCard } from "../cards/command-cards.ts";
import { flagForm } from "../cards/forms.ts";
import { homeCard } from "../cards/home-card.ts";
import type { Agent } from "../domain/agent.ts";
import { type Command, parseCommand } from "../domain/command.ts";
import { mayPause, waitsFor } from "../domain/escalation/authorize.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import { FLEET } from "../domain/ids.ts";
import { type Actor, named } from "../domain/people.ts";
import type { AnswerDigest } from "./answer-digest.ts";
import type { Context } from "./context.ts";
import type { DeclareAbsence } from "./declare-absence.ts";
import type { PauseAgent } from "./pause-agent.ts";
import type { Answer, HoldIndex } from "./ports.ts";
import type { ResumeAgent } from "./resume-agent.ts";
import { refusedAnswer } from "./words.ts";

/** How many open requests are looked through for a queue: newest first, so a longer backlog is counted from the console. */
const QUEUE_DEPTH = 200;

export interface AnswerCommand {
  words(actor: Actor, text: string): Promise<Answer>;
  home(actor: Actor): Promise<Card>;
  /** Pause and resume by button or form, answered as the commands are. */
  pause(actor: Actor, agent: string, forMs: number | null, reason: string | null): Promise<Answer>;
  resume(actor: Actor, agent: string): Promise<Answer>;
  /** What waits for somebody: open requests that ask them, or that they may decide as owner, deputy or approver. */
  queueOf(actor: Actor): Promise<readonly Escalation[]>;
  /** An agent's state as a card. */
  status(agent: Agent): Promise<Card>;
}

export function answerCommand(
  context: Context,
  parts: {
    readonly index: HoldIndex;
    readonly pause: PauseAgent;
    readonly resume: ResumeAgent;
    readonly absence: DeclareAbsence;
    readonly digest: AnswerDigest;
  },
): AnswerCommand {
  const { store, people, clock } = context;
  const { index } = parts;
  const card = (drawn: Card): Answer => ({ kind: "card", card: drawn });
  const facts = () => ({ people, now: clock.now() });

  const away = async () => ({ ...facts(), absences: await store.absences.standing(clock.now()) });

  async function state(agent: Agent): Promise<AgentState> {
    return { agent, holds: index.of(agent.id).holds, open: await store.escalations.countOpenOf(agent.id) };
  }

  /** An agent by its id or its name, as people write it. */
  async function agentCalled(word: string): Promise<Agent | undefined> {
    const all = await store.agents.all();
    const wanted = word.toLowerCase();
    return (
      all.find(({ id }) => id === wanted) ??
      all.find(({ name }) => name.toLowerCase().replaceAll(" ", "-") === wanted)
    );
  }

  async function withAgent(word: string, answer: (agent: Agent) => Promise<Answer>): Promise<Answer> {
    const agent = await agentCalled(word);
    if (agent) return answer(agent);
    const ids = (await store.agents.all()).slice(0, 10).map(({ id }) => id);
    const known =
      ids.length > 0
        ? ` I know: ${ids.join(", ")}.`
        : " I know no agent yet: name the first in holdpoint.yaml.";
    return { kind: "refused", words: `There is no agent called ${word.slice(0, 60)}.${known}` };
  }

  async function queueOf(actor: Actor): Promise<readonly Escalation[]> {
    const { person } = actor;
    if (!person) return [];
    const charters = new Map((await store.agents.all()).map((agent) => [agent.id, agent.charter]));
    const open = await store.escalations.page({ status: "open", limit: QUEUE_DEPTH });
    return open.filter((escalation) => {
      const charter = charters.get(escalation.agent);
      if (!charter) return false;
      return waitsFor(person, { charter, people, escalation });
    });
  }

  async function pause(
    actor: Actor,
    word: string,
    forMs: number | null,
    reason: string | null,
  ): Promise<Answer> {
    const why = reason?.slice(0, 500) ?? "no reason was given";
    if (word === FLEET) {
      const done = await parts.pause.byPerson(actor, {
        agent: null,
        scope: { kind: "fleet" },
        reason: why,
        forMs,
      });
      return done.ok ? card(pausedCard(done.value, null)) : refusedAnswer(done.no);
    }
    return withAgent(word, async (agent) => {
      const done = await parts.pause.byPerson(actor, { agent, scope: { kind: "agent" }, reason: why, forMs });
      return done.ok ? card(pausedCard(done.value, agent)) : refusedAnswer(done.no);
    });
  }

  async function resume(actor: Actor, word: string): Promise<Answer> {
    const lift = async (agent: Agent | null): Promise<Answer> => {
      const done = await parts.resume.byPerson(actor, agent);
      if (!done.ok) return refusedAnswer(done.no);
      const holds = index.of(agent?.id ?? FLEET).holds;
      return card(
        resumedCard(done.value.released.length, { agent, holds }, { ...facts(), by: named(actor) }),
      );
    };
    return word === FLEET ? lift(null) : withAgent(word, lift);
  }

  async function run(actor: Actor, command: Command): Promise<Answer> {
    switch (command.kind) {
      case "list":
        return card(agentListCard(await Promise.all((await store.agents.all()).map(state)), people));
      case "queue":
        return card(
          queueCard(
            { queue: await queueOf(actor), agents: await store.agents.all(), now: clock.now() },
            actor.person ? awayBlocks(actor.person, await away()) : [],
          ),
        );
      case "help":
        return card(helpCard(actor.surface === "teams" ? "agent" : "/agent"));
      case "status":
        return withAgent(command.agent, async (agent) => card(agentStatusCard(await state(agent), facts())));
      case "why":
        return withAgent(command.agent, async (agent) => {
          const holds = index.of(agent.id).holds;
          const behind = await Promise.all(
            holds.flatMap(({ escalation }) => (escalation ? [store.escalations.find(escalation)] : [])),
          );
          return card(
            whyCard(await state(agent), { ...facts(), behind: behind.filter((one) => one !== undefined) }),
          );
        });
      case "owner":
        return withAgent(command.agent, async (agent) => card(ownerCard(agent, await away())));
      case "away":
        return card(awayCard(await away()));
      case "out": {
        const said = await parts.absence.out(actor, command);
        return said.ok ? card(outCard(said.value, { ...facts(), by: actor.person })) : refusedAnswer(said.no);
      }
      case "back": {
        const back = await parts.absence.back(actor, command.who);
        return back.ok ? card(backCard(back.value, actor.person)) : refusedAnswer(back.no);
      }
      case "resume":
        return resume(actor, command.agent);
      case "pause":
        return pause(actor, command.agent, command.forMs, command.reason);
      case "digest":
        return command.agent === null
          ? parts.digest(actor, command.of, null)
          : withAgent(command.agent, (agent) => parts.digest(actor, command.of, agent));
      case "flag": {
        const agents = await store.agents.all();
        const chosen = command.agent === null ? undefined : await agentCalled(command.agent);
        // The first word may be the agent or the beginning of what was seen.
        const seen = [chosen ? null : command.agent, command.words].filter(Boolean).join(" ") || null;
        return { kind: "form", form: flagForm(chosen ? [chosen] : agents, null, seen) };
      }
      case "unclear":
        return { kind: "refused", words: command.why };
    }
  }

  return {
    async words(actor, text) {
      const command = parseCommand(text);
      // Answers tell of customers and charters: whoever may not pause may not read them either.
      const stranger = command.kind === "help" ? null : mayPause(actor);
      return stranger ? refusedAnswer(stranger) : run(actor, command);
    },
    async home(actor) {
      const agents = await store.agents.all();
      const person = mayPause(actor) ? null : actor.person;
      const mine = agents.filter(({ charter }) => {
        const id = person?.id;
        return (
          id !== undefined && (charter.ownership.owner === id || charter.ownership.deputies.includes(id))
        );
      });
      return homeCard({
        person,
        queue: person ? await queueOf(actor) : [],
        agents,
        mine: await Promise.all(mine.map(state)),
        consoleUrl: context.publicUrl,
        away: person ? awayBlocks(person, await away()) : [],
        now: clock.now(),
      });
    },
    ...{ pause, resume, queueOf },
    status: async (agent) => agentStatusCard(await state(agent), facts()),
  };
}
