/** What an owner does with a digest: signs it, puts the threshold in force that it suggests; and what comes of not signing. */

import type { Filled } from "../cards/form.ts";
import { type Intent, reportOf } from "../cards/intent.ts";
import { readSigned, signForm } from "../cards/sign-form.ts";
import { thresholdCard } from "../cards/threshold-card.ts";
import type { Agent } from "../domain/agent.ts";
import type { AgentSettings } from "../domain/charter/charter.ts";
import { authorize } from "../domain/escalation/authorize.ts";
import { auditActor } from "../domain/escalation/decide.ts";
import type { AgentId, DigestId } from "../domain/ids.ts";
import { type Actor, named } from "../domain/people.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, type Result, yes } from "../domain/result.ts";
import type { AgentReport, Digest } from "../domain/review/digest.ts";
import { ASKED_FOR, holdUnsigned, reviewHoldId, sign } from "../domain/review/inspection.ts";
import type { ApplyCharter } from "./apply-charter.ts";
import { type Context, newCallbackId } from "./context.ts";
import type { Answer } from "./ports.ts";
import { refusedAnswer } from "./words.ts";

export interface ReviewAgent {
  /** The form to sign with, or why this person does not get it. Changes nothing. */
  offer(actor: Actor, intent: Intent): Promise<Answer>;
  sign(actor: Actor, intent: Intent, filled: Filled): Promise<Answer>;
  /** Makes a new version of the charter, under the name of whoever pressed it. */
  applyThreshold(actor: Actor, intent: Intent): Promise<Answer>;
  /** `<digest>/<agent>`: the time that the charter gives to sign it is over. */
  fallDue(report: string): Promise<void>;
}

/** As many as a kind has without a signature before somebody turns the agent off. */
const MOST_UNSIGNED = 200;

export function reviewAgent(context: Context, applyCharter: ApplyCharter): ReviewAgent {
  const { store, people, clock } = context;
  const newId = () => newCallbackId(context);

  interface Found {
    readonly digest: Digest;
    readonly report: AgentReport;
    readonly agent: Agent;
  }

  /** What is pressed on, by whoever may; everybody else is told why not, and the trail keeps that they tried. */
  async function found(actor: Actor, intent: Intent): Promise<Result<Found, Refusal>> {
    const { digest: id, agent: of } = reportOf(intent);
    const [digest, agent] = await Promise.all([store.digests.find(id), store.agents.find(of)]);
    const report = digest?.agents.find((one) => one.agent === of);
    if (!digest || !report || !agent) return no({ code: "not_found", what: "such digest" });
    const verb = intent.verb === "sign" ? "sign" : "apply_threshold";
    const refused = authorize(actor, verb, { charter: agent.charter, people });
    if (!refused) return yes({ digest, report, agent });
    await store.save({
      audit: [
        {
          ...{ at: clock.now(), kind: "gesture.refused", actor: auditActor(actor), agent: of },
          detail: { verb, code: refused.code, digest: id },
        },
      ],
    });
    return no(refused);
  }

  async function signedBefore({ digest, agent }: Found): Promise<Refusal | null> {
    const one = (await store.inspections.of(digest.id)).find((signed) => signed.agent === agent.id);
    return one ? { code: "already_signed", by: one.by, at: one.at } : null;
  }

  /** Holds of an agent that stand because nobody had signed this digest, or an earlier one of its kind. */
  async function holdsFor({ digest, agent }: Found) {
    const [unsigned, active] = await Promise.all([unsignedOf(agent, digest), store.holds.activeOf(agent.id)]);
    const settled = unsigned.filter((one) => one.digest <= digest.id);
    const ids = new Set(
      [digest.id, ...settled.map((one) => one.digest)].map((id) => reviewHoldId(id, agent.id)),
    );
    return active.filter(({ id }) => ids.has(id));
  }

  function unsignedOf({ id }: Agent, { kind }: Digest) {
    return store.digests.unsigned(id, kind, { since: clock.now() - ASKED_FOR, limit: MOST_UNSIGNED });
  }

  return {
    async offer(actor, intent) {
      const on = await found(actor, intent);
      if (!on.ok) return refusedAnswer(on.no);
      const refused = await signedBefore(on.value);
      return refused
        ? refusedAnswer(refused)
        : { kind: "form", form: signForm(on.value.digest, on.value.report) };
    },
    async sign(actor, intent, filled) {
      const on = await found(actor, intent);
      if (!on.ok) return refusedAnswer(on.no);
      const { digest, report, agent } = on.value;
      const read = readSigned(filled, digest.kind);
      if (!read.ok) return { kind: "fields", problems: read.problems };
      const refused = await signedBefore(on.value);
      if (refused) return refusedAnswer(refused);
      const [holds, copies] = await Promise.all([holdsFor(on.value), store.copies.ofDigest(digest.id)]);
      const { step } = sign({
        ...{ id: `insp_${context.ids.next()}`, digest, report, agent, actor, holds, copies },
        ...{ note: read.note, future: read.future, now: clock.now(), newId },
      });
      if ((await store.save(step)) === "conflict")
        return refusedAnswer((await signedBefore(on.value)) ?? { code: "busy" });
      const freed = holds.length > 0 ? ` ${agent.name} is no longer held for it.` : "";
      return { kind: "done", words: `Signed: thank you. It is kept with your name and the time.${freed}` };
    },
    async applyThreshold(actor, intent) {
      const on = await found(actor, intent);
      if (!on.ok) return refusedAnswer(on.no);
      const { report, agent } = on.value;
      const suggested = report.calibration?.suggested;
      if (!suggested || !report.calibration) return refusedAnswer({ code: "bad_button" });
      const over = report.charterVersion;
      const applied = await applyCharter({
        settings: withThreshold(agent, suggested.threshold),
        ...{ by: named(actor), over },
      });
      if (!applied.ok) return refusedAnswer(applied.no);
      const versions = await store.agents.charterVersions(agent.id);
      const file = versions.find(({ by }) => by.endsWith(".yaml"))?.by ?? null;
      const change = { from: report.calibration.threshold, to: suggested.threshold };
      const version = applied.value.agent.charterVersion;
      return { kind: "card", card: thresholdCard({ agent, ...change, version, file }) };
    },
    async fallDue(ref) {
      const [id = "", of = ""] = ref.split("/");
      const [digest, agent] = await Promise.all([
        store.digests.find(id as DigestId),
        store.agents.find(of as AgentId),
      ]);
      const after = agent?.charter.review.unsigned?.hold_after;
      if (!digest || !agent || after === undefined) return;
      const unsigned = await unsignedOf(agent, digest);
      if (!unsigned.some((one) => one.digest === digest.id)) return;
      // Once for each digest: whoever resumes the agent without signing has decided that it may go on until the next one.
      if (await store.holds.find(reviewHoldId(digest.id, agent.id))) return;
      await store.save(holdUnsigned(digest, agent, { after, now: clock.now(), newId }));
    },
  };
}

function withThreshold(agent: Agent, below: number): AgentSettings {
  const { triggers } = agent.charter;
  return {
    ...{ id: agent.id, name: agent.name, environment: agent.environment },
    ...(agent.callbackUrl === null ? {} : { callback_url: agent.callbackUrl }),
    charter: {
      ...agent.charter,
      triggers: { ...triggers, low_confidence: { ...triggers.low_confidence, below } },
    },
  };
}
