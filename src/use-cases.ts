/** Joins the use-cases to each other: what agents may have done, what people may do, and what the worker does later. */
import { acknowledgeState } from "./application/acknowledge-state.ts";
import { advanceEscalation } from "./application/advance-escalation.ts";
import { answerCommand } from "./application/answer-command.ts";
import { attendEscalation } from "./application/attend-escalation.ts";
import { checkSignal } from "./application/check-signal.ts";
import { deliverCallback } from "./application/deliver-callback.ts";
import { drawCard } from "./application/draw-card.ts";
import { drawCopy } from "./application/draw-copy.ts";
import { flagBehaviour } from "./application/flag-behaviour.ts";
import { followEscalation } from "./application/follow-escalation.ts";
import { hurryEscalation } from "./application/hurry-escalation.ts";
import { lookBehind } from "./application/look-behind.ts";
import { offerForm } from "./application/offer-form.ts";
import { pauseAgent } from "./application/pause-agent.ts";
import type { CallbackSender, ChatPlatform, HoldIndex } from "./application/ports.ts";
import { publishCards } from "./application/publish-cards.ts";
import { raiseEscalation } from "./application/raise-escalation.ts";
import { receive } from "./application/receive.ts";
import { recordDecision } from "./application/record-decision.ts";
import { resumeAgent } from "./application/resume-agent.ts";
import type { CallbackId, CopyId, EscalationId, HoldId } from "./domain/ids.ts";
import { type Result, yes } from "./domain/result.ts";
import { holdView } from "./domain/views.ts";
import type { UseCases } from "./http/door.ts";
import type { Parts } from "./parts.ts";
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
  const offer = offerForm(context);
  const command = answerCommand(context, { index, pause, resume });
  const decide = recordDecision(context);
  const flag = flagBehaviour(context);

  /** The escalation as it stands after a change, in the shape of the wire. */
  async function followed<No>(changed: Result<{ readonly id: EscalationId }, No>) {
    return changed.ok ? follow({ id: changed.value.id, agent: null }) : changed;
  }

  const agents: UseCases = {
    raiseEscalation: raiseEscalation(context),
    checkSignal: checkSignal(context),
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

  const people = receive(context, seal, { decide, attend, flag, command, offerForm: offer, drawCard: draw });

  const handlers = (platforms: readonly ChatPlatform[]): Handlers => {
    const publish = publishCards(context);
    const drawn = drawCopy(context, new Map(platforms.map((platform) => [platform.name, platform])), draw);
    const advance = advanceEscalation(context);
    return {
      publish: async (id) => {
        await publish(id as EscalationId);
        return undefined;
      },
      draw: (id) => drawn(id as CopyId),
      advance: (id) => advance(id as EscalationId),
      callback: (id) => callbacks.attempt(id as CallbackId),
      lapse: async (id) => {
        await resume.lapse(id as HoldId);
        return undefined;
      },
    };
  };

  return {
    ...{ agents, receive: people, handlers, offerForm: offer, drawCard: draw, callbacks },
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
