/** The one door: what anybody presses, sends or types, on any surface, comes through here and is answered in words. */
import { editProblems, readEdit } from "../cards/edit-form.ts";
import type { Filled } from "../cards/form.ts";
import { answerProblems, flagForm, readAnswer, readFlag, readPause, readReassign } from "../cards/forms.ts";
import type { Intent } from "../cards/intent.ts";
import { authorize, mayPause } from "../domain/escalation/authorize.ts";
import type { Escalation } from "../domain/escalation/escalation.ts";
import type { AgentId, CopyId, EscalationId } from "../domain/ids.ts";
import type { Actor } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { pastTense } from "../domain/refusal.ts";
import type { Result } from "../domain/result.ts";
import type { AdoptMessage } from "./adopt-message.ts";
import type { AnswerCommand } from "./answer-command.ts";
import type { AttendEscalation } from "./attend-escalation.ts";
import { agentOf, type Context } from "./context.ts";
import type { DecideAll } from "./decide-all.ts";
import type { DrawCard } from "./draw-card.ts";
import type { FlagBehaviour } from "./flag-behaviour.ts";
import { actorBehind, type Gesture } from "./gesture.ts";
import type { OfferForm } from "./offer-form.ts";
import type { Answer, Receive, Seal } from "./ports.ts";
import type { RecordDecision } from "./record-decision.ts";
import type { ReviewAgent } from "./review-agent.ts";
import type { ListQueue } from "./show-copy.ts";
import { refusedAnswer } from "./words.ts";

export interface Deeds {
  readonly adopt: AdoptMessage;
  readonly decide: RecordDecision;
  readonly decideAll: DecideAll;
  readonly attend: AttendEscalation;
  readonly flag: FlagBehaviour;
  readonly review: ReviewAgent;
  readonly command: AnswerCommand;
  readonly offerForm: OfferForm;
  readonly drawCard: DrawCard;
  readonly listQueue: ListQueue;
}

export function receive(context: Context, seal: Seal, deeds: Deeds): Receive {
  const { store, people, log } = context;

  return async (gesture) => {
    const actor = actorBehind(gesture.from, people);
    const on = "token" in gesture ? seal.intent(gesture.token) : undefined;
    const answer = await answered(actor, gesture, on);
    log.info(
      {
        gesture: gesture.kind,
        verb: on?.verb,
        on: on?.on,
        surface: actor.surface,
        by: actor.person?.id ?? actor.account,
        answer: answer.kind,
      },
      "a person did something",
    );
    return answer;
  };

  /** `intent`: what the token of a press or a form means; undefined where we did not make it. */
  async function answered(actor: Actor, gesture: Gesture, intent: Intent | undefined): Promise<Answer> {
    switch (gesture.kind) {
      case "command":
        return deeds.command.words(actor, gesture.words);
      case "home":
        return { kind: "card", card: await deeds.command.home(actor) };
      case "flag": {
        const stranger = mayPause(actor);
        return stranger
          ? refusedAnswer(stranger)
          : { kind: "form", form: flagForm(await store.agents.all(), gesture.about) };
      }
      case "press": {
        if (!intent) return refusedAnswer({ code: "bad_button" });
        const answer = await pressed(actor, intent);
        // A list of requests that somebody asked for stays a list.
        if (gesture.message && intent.verb !== "show" && intent.on.startsWith("esc_"))
          await deeds.adopt(intent.on as EscalationId, { ...gesture.message, account: gesture.from.id });
        return answer;
      }
      case "submit":
        return intent ? sent(actor, intent, gesture.filled) : refusedAnswer({ code: "bad_button" });
    }
  }

  /** A button does its deed at once, or opens the form that asks for what is missing. */
  async function pressed(actor: Actor, intent: Intent): Promise<Answer> {
    const id = intent.on as EscalationId;
    switch (intent.verb) {
      case "approve":
      case "dismiss":
        return decided(await deeds.decide(id, { verdict: intent.verb, actor, seen: intent.digest }));
      case "acknowledge":
        return done(
          await deeds.attend.acknowledge(id, actor),
          "You are on it: reminders stop, the deadline stays.",
        );
      case "resume":
        return deeds.command.resume(actor, intent.on);
      case "show":
        return show(actor, intent);
      case "decide_all":
        return deeds.decideAll.offer(actor, intent);
      case "edit":
      case "reject":
      case "reject_keep":
      case "respond":
      case "reassign":
      case "pause":
      case "flag":
      case "sign":
        return deeds.offerForm(actor, intent);
      case "apply_threshold":
        return deeds.review.applyThreshold(actor, intent);
    }
  }

  async function sent(actor: Actor, intent: Intent, filled: Filled): Promise<Answer> {
    const id = intent.on as EscalationId;
    switch (intent.verb) {
      case "reject":
      case "reject_keep":
      case "respond": {
        const verdict = intent.verb === "respond" ? "respond" : "reject";
        const keepHeld = intent.verb === "reject_keep";
        return decided(
          await deeds.decide(id, { verdict, actor, seen: intent.digest, keepHeld, ...readAnswer(filled) }),
        );
      }
      case "edit":
        return edited(actor, intent, filled);
      case "sign":
        return deeds.review.sign(actor, intent, filled);
      case "decide_all":
        return deeds.decideAll.carryOut(actor, intent, filled);
      case "reassign": {
        const to = readReassign(filled, people);
        if (!to.ok) return { kind: "fields", problems: to.problems };
        return done(
          await deeds.attend.reassign(id, actor, to.value.id),
          `${to.value.name} is asked now as well; the deadline stays.`,
        );
      }
      case "pause": {
        const now = context.clock.now();
        const read = readPause(filled, now);
        if (!read.ok) return { kind: "fields", problems: read.problems };
        const { until, reason } = read.value;
        return deeds.command.pause(actor, intent.on, until === null ? null : until - now, reason);
      }
      case "flag":
        return flagged(actor, filled);
      case "approve":
      case "dismiss":
      case "acknowledge":
      case "resume":
      case "show":
      case "apply_threshold":
        return pressed(actor, intent);
    }
  }

  async function edited(actor: Actor, intent: Intent, filled: Filled): Promise<Answer> {
    const id = intent.on as EscalationId;
    const escalation = await store.escalations.find(id);
    if (!escalation) return refusedAnswer({ code: "not_found", what: "such request" });
    const read = readEdit(escalation, filled);
    if (!read.ok) return { kind: "fields", problems: read.problems };
    const result = await deeds.decide(id, { verdict: "edit", actor, seen: intent.digest, args: read.args });
    return !result.ok && result.no.code === "invalid"
      ? { kind: "fields", problems: editProblems(escalation, result.no.problems) }
      : decided(result);
  }

  async function flagged(actor: Actor, filled: Filled): Promise<Answer> {
    const read = readFlag(filled);
    if (!read.ok) return { kind: "fields", problems: read.problems };
    const { severity, what, about } = read.value;
    const agent = await store.agents.find(read.value.agent as AgentId);
    if (!agent) return { kind: "fields", problems: { agent: "Choose an agent." } };
    const raised = await deeds.flag(actor, { agent, severity, words: what, about });
    if (!raised.ok) return refusedAnswer(raised.no);
    const held = raised.value.hold ? `${agent.name} is held until then.` : `${agent.name} goes on meanwhile.`;
    return { kind: "done", words: `Thank you. Its owner is asked to look. ${held}` };
  }

  /** The button may stand where everybody sees it; what it opens is for people of ours. */
  async function show(actor: Actor, intent: Intent): Promise<Answer> {
    const list = intent.on.startsWith("copy_")
      ? await deeds.listQueue(intent.on as CopyId, intent.revision)
      : undefined;
    if (list) {
      const { charter } = await agentOf(context, list.agent);
      const refused = authorize(actor, "see", { charter, people });
      return refused ? refusedAnswer(refused) : { kind: "card", card: list.card };
    }
    const onAgent = !intent.on.includes("_");
    const escalation = onAgent ? undefined : await store.escalations.find(intent.on as EscalationId);
    const agent = await store.agents.find(escalation?.agent ?? (intent.on as AgentId));
    if (!agent) return refusedAnswer({ code: "not_found", what: onAgent ? "such agent" : "such request" });
    const refused = onAgent ? mayPause(actor) : authorize(actor, "see", { charter: agent.charter, people });
    if (refused) return refusedAnswer(refused);
    return {
      kind: "card",
      card: escalation ? await deeds.drawCard("card", escalation) : await deeds.command.status(agent),
    };
  }

  function decided(result: Result<Escalation, Refusal>): Answer {
    if (!result.ok) return refusal(result.no);
    const { decision, approvalsNeeded, approvals } = result.value;
    if (decision)
      return { kind: "done", words: `You ${pastTense(decision.verdict)} this. The agent is told now.` };
    const missing = approvalsNeeded - approvals.length;
    return {
      kind: "done",
      words: `Your approval counts. ${missing} more from somebody else ${missing === 1 ? "is" : "are"} needed.`,
    };
  }

  function done(result: Result<Escalation, Refusal>, words: string): Answer {
    return result.ok ? { kind: "done", words } : refusal(result.no);
  }

  /** What is wrong with a field stands at the field; every other no is a sentence. */
  function refusal(why: Refusal): Answer {
    if (why.code !== "invalid") return refusedAnswer(why);
    return { kind: "fields", problems: answerProblems(why.problems) };
  }
}
