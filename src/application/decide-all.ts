/** Decides many requests together: offers the form that lists them, then takes each through the one door of decisions. */
import {
  type Became,
  becameCard,
  becameWords,
  decideAllForm,
  type JointVerdict,
  listable,
  readDecideAll,
} from "../cards/decide-all-form.ts";
import type { Filled } from "../cards/form.ts";
import { type Intent, type Listed, MINE, markOf } from "../cards/intent.ts";
import { openFirst } from "../cards/queue-card.ts";
import type { Agent } from "../domain/agent.ts";
import { authorize } from "../domain/escalation/authorize.ts";
import { digestAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import type { CopyId } from "../domain/ids.ts";
import { type Actor, named } from "../domain/people.ts";
import type { Context } from "./context.ts";
import type { Answer } from "./ports.ts";
import type { RecordDecision } from "./record-decision.ts";
import { refusedAnswer } from "./words.ts";

export interface DecideAll {
  /** The form, for whoever may decide anything on the list. Changes nothing. */
  offer(actor: Actor, intent: Intent): Promise<Answer>;
  carryOut(actor: Actor, intent: Intent, filled: Filled): Promise<Answer>;
}

const JOINT: readonly JointVerdict[] = ["approve", "reject", "respond", "dismiss"];

export function decideAll(
  context: Context,
  parts: {
    readonly decide: RecordDecision;
    /** What waits for somebody, whatever card it stands on. */
    readonly queueOf: (actor: Actor) => Promise<readonly Escalation[]>;
  },
): DecideAll {
  const { store, people, log } = context;

  return { offer, carryOut };

  async function offer(actor: Actor, intent: Intent): Promise<Answer> {
    const open = openFirst(await requestsOf(actor, intent));
    const [first] = open;
    if (!first) return { kind: "refused", words: "All of these are settled: nothing is left to decide." };
    const agents = await store.agents.all();
    const may = (one: Escalation, verdict: JointVerdict) => mayDecide(actor, one, verdict, agents);
    const mine = open.filter((one) => JOINT.some((verdict) => may(one, verdict)));
    if (mine.length === 0) return refusal(actor, first, agents);
    const listed = listable(mine, agents);
    const verdicts = JOINT.filter((verdict) => listed.every((one) => may(one, verdict)));
    if (verdicts.length === 0) {
      return { kind: "refused", words: "These requests have no decision in common: open them one by one." };
    }
    const facts = { listed, verdicts, agents, more: open.length - listed.length };
    return { kind: "form", form: decideAllForm(intent, facts) };
  }

  /** A form that came back with something missing is offered again with the same requests. */
  async function requestsOf(actor: Actor, { on, listed }: Intent): Promise<readonly Escalation[]> {
    if (listed) {
      const found = await Promise.all(listed.map((one) => store.escalations.find(one.on)));
      return found.filter((one) => one !== undefined);
    }
    return on === MINE ? parts.queueOf(actor) : store.escalations.inQueue(on as CopyId);
  }

  function mayDecide(
    actor: Actor,
    escalation: Escalation,
    verdict: JointVerdict,
    agents: readonly Agent[],
  ): boolean {
    const charter = agents.find(({ id }) => id === escalation.agent)?.charter;
    if (!charter || !escalation.allow.includes(verdict)) return false;
    if (verdict === "approve" && escalation.approvals.some(({ by }) => by.id === named(actor).id))
      return false;
    return authorize(actor, verdict, { charter, people, escalation }) === null;
  }

  function refusal(actor: Actor, escalation: Escalation, agents: readonly Agent[]): Answer {
    const charter = agents.find(({ id }) => id === escalation.agent)?.charter;
    const refused = charter && authorize(actor, "dismiss", { charter, people, escalation });
    return refused
      ? refusedAnswer(refused)
      : { kind: "refused", words: "None of these can be decided together: open them one by one." };
  }

  async function carryOut(actor: Actor, intent: Intent, filled: Filled): Promise<Answer> {
    const { listed } = intent;
    if (!listed || listed.length === 0) return refusedAnswer({ code: "bad_button" });
    const read = readDecideAll(filled);
    if (!read.ok) return { kind: "fields", problems: read.problems };
    const { verdict, words } = read;
    const became = await Promise.all(
      listed.map((one) =>
        // What was stored for the others is stored: a fault with one is told like a refusal.
        decideOne(actor, one, verdict, words).catch((error: unknown): Became => {
          log.error({ escalation: one.on, error: String(error) }, "one of several decisions was not stored");
          return { kind: "refused", why: "there was a fault in Holdpoint; nothing was changed, try again." };
        }),
      ),
    );
    const told = becameWords(verdict, became);
    const whole = became.every(({ kind }) => kind === "decided");
    return whole ? { kind: "done", words: told } : { kind: "card", card: becameCard(told) };
  }

  async function decideOne(
    actor: Actor,
    { on, mark }: Listed,
    verdict: JointVerdict,
    words: string,
  ): Promise<Became> {
    const before = await store.escalations.find(on);
    if (before?.status === "open" && markOf(before) !== mark) return { kind: "changed" };
    const result = await parts.decide(on, {
      ...{ verdict, actor, seen: before && digestAtStake(before) },
      ...(verdict === "reject" && { reason: words }),
      ...(verdict === "respond" && { response: words }),
    });
    if (result.ok) return { kind: result.value.status === "open" ? "counted" : "decided" };
    switch (result.no.code) {
      case "already_decided":
        return { kind: "settled", by: result.no.yours ? "yourself" : result.no.by.name };
      case "expired":
      case "withdrawn":
        return { kind: "settled", by: null };
      case "stale_card":
        return { kind: "changed" };
      default:
        return { kind: "refused", why: refusedAnswer(result.no).words };
    }
  }
}
