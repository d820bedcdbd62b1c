/** The parts every command needs: the store, the seal, the people and the use-cases on top of them. */
import { createAbsenceIndex } from "./application/absence-index.ts";
import { applyCharter, isInForce } from "./application/apply-charter.ts";
import { argsProblems } from "./application/args-schema.ts";
import type { Context } from "./application/context.ts";
import { issueKey } from "./application/issue-key.ts";
import { planDigests } from "./application/plan-digests.ts";
import type { Clock, Log } from "./application/ports.ts";
import { platformsOf } from "./chat/platforms.ts";
import type { Config } from "./config.ts";
import type { AgentId } from "./domain/ids.ts";
import { directory } from "./domain/people.ts";
import { createIds, secrets } from "./ids.ts";
import { readCron } from "./schedule/cron.ts";
import { createSeal } from "./seal.ts";
import { secretBeside } from "./secret-file.ts";
import { sha256 } from "./store/audit-trail.ts";
import { openStore } from "./store/open-store.ts";
import { verifyAudit } from "./store/verify-audit.ts";
import { createSignIn } from "./web/sign-in.ts";

export const systemClock: Clock = { now: () => Date.now() };

/** For commands that talk to their user instead of a log. */
export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };

/** Opens the store, migrates it and puts the charters of holdpoint.yaml in force. */
export async function openParts(config: Config, clock: Clock = systemClock, log: Log = silent) {
  const secret = config.secret ?? secretBeside(config.databaseUrl);
  const store = await openStore({ url: config.databaseUrl, now: () => clock.now() });
  const seal = createSeal(secret);
  const context: Context = {
    store,
    people: directory(config.people),
    absences: await createAbsenceIndex(store, clock),
    platforms: platformsOf(config),
    clock,
    ids: createIds(clock),
    sha256,
    log,
    publicUrl: config.publicUrl ?? `http://${config.host}:${config.port}`,
    checkArgs: argsProblems,
  };
  const plan = planDigests(context, readCron);
  const apply = applyCharter(context, plan, readCron);
  const standing = new Map((await store.agents.all()).map((agent) => [String(agent.id), agent]));
  for (const settings of config.agents) {
    const agent = standing.get(settings.id);
    if (agent && isInForce(agent, settings)) continue;
    const applied = await apply({ settings, by: { id: "holdpoint.yaml", name: "holdpoint.yaml" } });
    // The people were checked with the file, so a refusal here is a fault of ours.
    if (!applied.ok)
      throw new Error(`the charter of ${settings.id} was refused: ${JSON.stringify(applied.no)}`);
  }
  return {
    ...{ secret, store, seal, context, applyCharter: apply, planDigests: plan },
    issueKey: issueKey(context, seal, secrets),
    signIn: createSignIn({ clock, notes: store.notes }),
    /** The secrets an agent's webhooks may be signed with. */
    signingSecrets: async (agent: AgentId) =>
      (await store.keys.of(agent)).flatMap((key) =>
        key.signingSecret ? [seal.open(key.signingSecret)] : [],
      ),
    /** An idempotency key that came again with another body: somebody's bug, or somebody's try. */
    noteMismatch: async ({ agent, endpoint }: { readonly agent: AgentId; readonly endpoint: string }) => {
      const actor = { kind: "agent" as const, id: agent };
      await store.save({
        audit: [{ at: clock.now(), kind: "idempotency.mismatch", actor, agent, detail: { endpoint } }],
      });
    },
    verifyAudit: async () => {
      const verdict = await verifyAudit(store.audit);
      return verdict.ok
        ? { whole: true as const, lines: verdict.lines, brokenAt: null }
        : { whole: false as const, lines: verdict.seq, brokenAt: verdict.seq };
    },
    close: () => store.close(),
  };
}
export type Parts = Awaited<ReturnType<typeof openParts>>;
