/** Joins the use-cases to each other: what agents may have done, what people may do, and what the worker does later. */
import { acknowledgeState } from "./application/acknowledge-state.ts";
import { adoptMessage } from "./application/adopt-message.ts";
import { advanceEscalation } from "./application/advance-escalation.ts";
import { answerCommand } from "./application/answer-command.ts";
import { attendEscalation } from "./application/attend-escalation.ts";
import { checkSignal } from "./application/check-signal.ts";
import { coverAbsence } from "./application/cover-absence.ts";
import { decideAll } from "./application/decide-all.ts";
import { declareAbsence } from "./application/declare-absence.ts";
import { deliverCallback } from "./application/deliver-callback.ts";
import { drawAlarm } from "./application/draw-alarm.ts";
import { drawCard } from "./application/draw-card.ts";
import { drawCopy } from "./application/draw-copy.ts";
import { flagBehaviour } from "./application/flag-behaviour.ts";
import { followEscalation } from "./application/follow-escalation.ts";
import { hurryEscalation } from "./application/hurry-escalation.ts";
import { lookBehind } from "./application/look-behind.ts";
import { offerForm } from "./application/offer-form.ts";
import { pauseAgent } from "./application/pause-agent.ts";
import { placeCopy } from "./application/place-copy.ts";
import type { CallbackSender, ChatPlatform, HoldIndex } from "./application/ports.ts";
import { publishCards } from "./application/publish-cards.ts";
import { raiseEscalation } from "./application/raise-escalation.ts";
import { receive } from "./application/receive.ts";
import { recordDecision } from "./application/record-decision.ts";
import { resumeAgent } from "./application/resume-agent.ts";
import { showCopy } from "./application/show-copy.ts";
import type { AbsenceId, CallbackId, CopyId, EscalationId, HoldId } from "./domain/ids.ts";
import { type Result, yes } from "./domain/result.ts";
import { holdView } from "./domain/views.ts";
import type { UseCases } from "./http/door.ts";
import type { Parts } from "./parts.ts";
import { createReviews } from "./reviews.ts";
import type { Handlers } from "./worker.ts";

export function createUseCases(
  { context, seal, applyCharter, issueKey }: Parts,
  index: HoldIndex,
  sender: CallbackSender,
) {
  const attend = attendEscalation(context);
  const follow = followEscalation(context);
  const pause = pauseAgent(context);
  const resume = resumeAgent(context);
  const callbacks = deliverCallback(context, sender, seal);
  const draw = drawCard(context, index);
  const reviews = createReviews({ context, applyCharter });
  const offer = offerForm(context, reviews.agent);
  const command = answerCommand(context, {
    index,
    pause,
    resume,
    absence: declareAbsence(context),
    digest: reviews.answer,
  });
  const decide = recordDecision(context);
  const raise = raiseEscalation(context);
  const check = checkSignal(context);
  const flag = flagBehaviour(context);

  /** The escalation as it stands after a change, in the shape of the wire. */
  async function followed<No>(changed: Result<{ readonly id: EscalationId }, No>) {
    return changed.ok ? follow({ id: changed.value.id, agent: null }) : changed;
  }

  const agents: UseCases = {
    raiseEscalation: (raising) => {
      reviews.budgets.saw(raising.agent.id, raising.request.signal, context.clock.now());
      return raise(raising);
    },
    checkSignal: (checking) => {
      reviews.budgets.saw(checking.agent.id, checking.request.signal, context.clock.now());
      return check(checking);
    },
    followEscalation: follow,
    withdrawEscalation: async ({ id, agent, reason }) => followed(await attend.withdraw(id, agent, reason)),
    reportOutcome: async ({ id, agent, outcome }) => followed(await attend.reportOutcome(id, agent, outcome)),
    acknowledgeState: acknowledgeState(context, index),
    applyCharter,
    issueKey: ({ agent, by }) => issueKey.forAgent(agent, by),
    revokeKey: ({ agent, id, by }) => issueKey.revoke(agent, id, by),
    placeHold: async (placing) => viewed(await pause.byKey(placing), holdView),
    releaseHold: async ({ agent, id, by }) => viewed(await resume.byKey(by, agent, id), holdView),
    replayCallback: async ({ id, by }) =>
      viewed(await callbacks.replay(id, by), (callback) => ({
        id: callback.id,
        type: callback.type,
        state: callback.state,
      })),
  };

  const copies = showCopy(context, { card: draw, digest: reviews.card, alarm: drawAlarm(context) });
  const people = receive(context, seal, {
    ...{ decide, attend, flag, command, offerForm: offer, drawCard: draw, listQueue: copies.list },
    adopt: adoptMessage(context),
    review: reviews.agent,
    decideAll: decideAll(context, { decide, queueOf: command.queueOf }),
  });

  const handlers = (platforms: readonly ChatPlatform[]): Handlers => {
    const publish = publishCards(context);
    const drawn = drawCopy(context, new Map(platforms.map((platform) => [platform.name, platform])), {
      ...{ show: copies.show, place: placeCopy(context) },
    });
    const advance = advanceEscalation(context);
    const cover = coverAbsence(context);
    return {
      publish: async (id) => {
        await publish(id as EscalationId);
        return undefined;
      },
      draw: (id) => drawn(id as CopyId),
      digest: reviews.make.fallDue,
      review: async (report) => {
        await reviews.agent.fallDue(report);
        return undefined;
      },
      advance: (id) => advance(id as EscalationId),
      callback: (id, _dueAt, run) => callbacks.attempt(id as CallbackId, run),
      absence: async (id) => {
        await cover(id as AbsenceId);
        return undefined;
      },
      lapse: async (id) => {
        await resume.lapse(id as HoldId);
        return undefined;
      },
    };
  };

  return {
    ...{ agents, receive: people, handlers, offerForm: offer, drawCard: draw, callbacks, reviews },
    hurry: hurryEscalation(context),
    lookBehind: lookBehind(context),
  };
}

function viewed<Value, No>(
  result: Result<Value, No>,
  view: (value: Value) => object,
): Result<{ readonly body: object }, No> {
  return result.ok ? yes({ body: view(result.value) }) : result;
}
