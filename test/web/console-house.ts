/** A console on a real store, the real use-cases and a clock one moves: nothing is faked but time and the way out. */
import { createHash, randomBytes } from "node:crypto";
import fastify, { type FastifyInstance } from "fastify";
import { expect, vi } from "vitest";
import { createAbsenceIndex } from "../../src/application/absence-index.ts";
import { answerCommand } from "../../src/application/answer-command.ts";
import { applyCharter } from "../../src/application/apply-charter.ts";
import { argsProblems } from "../../src/application/args-schema.ts";
import { attendEscalation } from "../../src/application/attend-escalation.ts";
import { createChanges, topicsOf } from "../../src/application/changes.ts";
import type { Context } from "../../src/application/context.ts";
import { decideAll } from "../../src/application/decide-all.ts";
import { declareAbsence } from "../../src/application/declare-absence.ts";
import { drawCard } from "../../src/application/draw-card.ts";
import { flagBehaviour } from "../../src/application/flag-behaviour.ts";
import { createHoldIndex } from "../../src/application/hold-index.ts";
import { offerForm } from "../../src/application/offer-form.ts";
import { pauseAgent } from "../../src/application/pause-agent.ts";
import { planDigests } from "../../src/application/plan-digests.ts";
import type { Changes } from "../../src/application/ports.ts";
import { raiseEscalation } from "../../src/application/raise-escalation.ts";
import { receive } from "../../src/application/receive.ts";
import { recordDecision } from "../../src/application/record-decision.ts";
import { resumeAgent } from "../../src/application/resume-agent.ts";
import { showCopy } from "../../src/application/show-copy.ts";
import { refusedAnswer } from "../../src/application/words.ts";
import { agentSchema } from "../../src/domain/charter/charter.ts";
import type { Callback } from "../../src/domain/delivery/callback.ts";
import { type EscalationRequest, requestSchema } from "../../src/domain/escalation/request.ts";
import type { AgentId, CallbackId, EscalationId, PersonId } from "../../src/domain/ids.ts";
import { directory, type Person } from "../../src/domain/people.ts";
import { MINUTE } from "../../src/domain/time/time.ts";
import { createIds } from "../../src/ids.ts";
import { createReviews } from "../../src/reviews.ts";
import { readCron } from "../../src/schedule/cron.ts";
import { createSeal } from "../../src/seal.ts";
import { openStore } from "../../src/store/open-store.ts";
import { consolePlugin } from "../../src/web/console.ts";
import type { ConsoleDeps } from "../../src/web/console-deps.ts";
import { createSignIn } from "../../src/web/sign-in.ts";
import { CHARTERS, SENDING } from "./scene.ts";

const person = (id: string, name: string, roles: Person["roles"] = []): Person => ({
  ...{ id: id as PersonId, name, email: `${id}@example.com`, roles },
  accounts: { slack: `U-${id}` },
});

export const SARAH = person("sarah", "Sarah Chen");
export const JAMES = person("james", "James Liu");
export const ANNA = person("anna", "Anna Audit", ["auditor"]);
export const WILL = person("will", "Will Visitor");

export type House = Awaited<ReturnType<typeof openHouse>>;

export async function openHouse(
  given: { readonly people?: readonly Person[]; readonly publicUrl?: string; readonly now?: number } = {},
) {
  let now = given.now ?? Date.UTC(2027, 0, 15, 10);
  const clock = { now: () => now };
  const publicUrl = given.publicUrl ?? "http://127.0.0.1:3000";
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  const secret = randomBytes(32);
  const seal = createSeal(secret);
  const store = await openStore({ url: "sqlite::memory:", now: clock.now });
  const staff = [...(given.people ?? [SARAH, JAMES, ANNA, WILL])];
  // The console asks the directory each time: taking somebody out of it is taking them out of this list.
  const people = { ...directory(staff), find: (id: string) => staff.find((one) => one.id === id) };
  const context: Context = {
    ...{
      store,
      people,
      platforms: [],
      absences: await createAbsenceIndex(store, clock),
      clock,
      log,
      publicUrl,
      ids: createIds(clock),
      checkArgs: argsProblems,
    },
    sha256: (text) => createHash("sha256").update(text).digest("hex"),
  };
  const plainChanges = createChanges();
  store.onCommit((step) => plainChanges.announce(topicsOf(step)));
  let listening = 0;
  const changes: Changes = {
    ...plainChanges,
    listen(topic, listener) {
      listening++;
      const stop = plainChanges.listen(topic, listener);
      return () => {
        listening--;
        stop();
      };
    },
  };
  const index = await createHoldIndex(store);
  const pause = pauseAgent(context);
  const apply = applyCharter(context, planDigests(context, readCron), readCron);
  const reviews = createReviews({ context, applyCharter: apply });
  const command = answerCommand(context, {
    index,
    pause,
    resume: resumeAgent(context),
    absence: declareAbsence(context),
    digest: reviews.answer,
  });
  const draw = drawCard(context, index);
  const offer = offerForm(context, reviews.agent);
  const attend = attendEscalation(context);
  const [decide, flag] = [recordDecision(context), flagBehaviour(context)];
  const signIn = createSignIn({ notes: store.notes, clock });
  const replayed: string[] = [];
  const audit = { lines: 0, brokenAt: null as number | null };
  const deps: ConsoleDeps = {
    ...{ store, changes, holdIndex: index, people, clock, log, secret, publicUrl, signIn },
    receive: receive(context, seal, {
      ...{ decide, attend, flag, command, offerForm: offer, drawCard: draw, review: reviews.agent },
      adopt: async () => {},
      listQueue: showCopy(context, { card: draw, digest: reviews.card, alarm: async () => undefined }).list,
      decideAll: decideAll(context, { decide, queueOf: command.queueOf }),
    }),
    token: seal.token,
    async formFor(token, { id, surface, account, name, standing }) {
      const intent = seal.intent(token);
      const actor = { surface, account, name, standing, person: people.find(id) ?? null };
      const answer = intent && (await offer(actor, intent));
      return answer?.kind === "form" || answer?.kind === "refused"
        ? answer
        : refusedAnswer({ code: "bad_button" });
    },
    async replayCallback(id, from) {
      replayed.push(`${id} by ${from.id}`);
      return { kind: "done", words: "It is on its way again." };
    },
    verifyAudit: async () => audit,
    cards: { approval: (escalation) => draw("card", escalation) },
    howToSignIn: "Ask the operator for a link.",
  };
  const serve = async (): Promise<FastifyInstance> => {
    const app = fastify({ forceCloseConnections: "idle" });
    // As the one server has it: bytes stay bytes for everybody else.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    app.register(consolePlugin(deps));
    await app.ready();
    return app;
  };
  const app = await serve();

  const by = { id: "holdpoint.yaml", name: "holdpoint.yaml" };
  for (const [id, charter] of Object.entries(CHARTERS)) {
    const name = id.replaceAll("-", " ").replace(/^./, (letter) => letter.toUpperCase());
    await apply({ settings: agentSchema.parse({ id, name, charter }), by });
  }
  const raise = raiseEscalation(context);

  return {
    ...{ app, serve, deps, store, staff, replayed, audit, publicUrl, changes },
    now: clock.now,
    /** Resolves when an open page hears of changes. */
    watched: () => vi.waitFor(() => expect(listening).toBeGreaterThan(0), { timeout: 5_000, interval: 20 }),
    move: (ms: number) => {
      now += ms;
    },
    /** Raises a request as an agent and returns its id. */
    async raise(over: Partial<EscalationRequest> = {}, agent = "trial-nurture"): Promise<EscalationId> {
      const found = await store.agents.find(agent as AgentId);
      if (!found) throw new Error(`no agent ${agent}`);
      const request = requestSchema.parse({ ...SENDING, ...over });
      const raised = await raise({ agent: found, request });
      if (!raised.ok) throw new Error("not raised");
      return (raised.value.body as { id: EscalationId }).id;
    },
    /** Somebody else decides, on another surface. */
    async decideElsewhere(id: EscalationId, who: Person): Promise<void> {
      const actor = {
        surface: "slack",
        account: `slack:U-${who.id}`,
        name: who.name,
        standing: "member",
        person: who,
      } as const;
      const decided = await decide(id, { verdict: "approve", actor });
      if (!decided.ok) throw new Error(decided.no.code);
    },
    /** A callback that was given up. */
    async giveUpCallback(
      escalation: EscalationId,
      url = "https://agent.example/hook?token=t0p",
    ): Promise<CallbackId> {
      const id = `cb_${context.ids.next()}` as CallbackId;
      const callback: Callback = {
        id,
        agent: "trial-nurture" as AgentId,
        escalation,
        type: "escalation.decided",
        url,
        body: "{}",
        state: "dead",
        attempts: 12,
        lastError: "answered 500",
        createdAt: now - 5 * MINUTE,
        startedAt: now - 5 * MINUTE,
        deliveredAt: null,
      };
      await store.save({ callbacks: [callback], audit: [] });
      return id;
    },
    async close() {
      await app.close();
      await store.close();
    },
  };
}

/** A browser's worth of one person: cookies, and headers as a browser sends them. */
export async function signedIn(house: House, who: Person | null, app = house.app) {
  const cookies = new Map<string, string>();
  const origin = house.publicUrl;
  const keep = (header: string | string[] | undefined) => {
    for (const line of [header ?? []].flat()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      if (/max-age=0/i.test(line)) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
  };
  const cookie = () => [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const ours = () => ({
    cookie: cookie(),
    origin,
    host: new URL(origin).host,
    "sec-fetch-site": "same-origin",
  });

  async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
    const response = await app.inject({ method: "GET", url: path, headers: { ...ours(), ...headers } });
    keep(response.headers["set-cookie"]);
    return { status: response.statusCode, headers: response.headers, body: response.body };
  }

  /** Posts fields; follows the redirect, so that the answer is the page a person sees. */
  async function post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const response = await app.inject({
      method: "POST",
      url: path,
      headers: { ...ours(), "content-type": "application/x-www-form-urlencoded", ...headers },
      payload: new URLSearchParams(fields).toString(),
    });
    keep(response.headers["set-cookie"]);
    const to = response.headers.location;
    if (response.statusCode === 303 && to) return { ...(await get(to)), at: to };
    return { status: response.statusCode, headers: response.headers, body: response.body, at: path };
  }

  const link = await house.deps.signIn.linkFor(who?.id ?? null);
  const entered = await post(link, who ? {} : { person: "" });
  const csrf = () => /name="csrf" value="([^"]+)"/.exec(entered.body)?.[1] ?? "";

  /** Presses the button or sends the form that says `label` on a page, as a person would. */
  async function use(page: string, label: string, fields: Readonly<Record<string, string>> = {}) {
    const { body } = await get(page);
    const form = formWith(body, label);
    return post(form.action, { ...form.hidden, ...fields });
  }

  return { get, post, use, csrf: csrf(), cookies, entered };
}

/** The form on a page whose button says `label`. */
export function formWith(body: string, label: string) {
  const forms = [...body.matchAll(/<form method="post" action="([^"]+)"[^>]*>([\s\S]*?)<\/form>/g)];
  const [, action = "", inside = ""] =
    forms.find(([, , inside]) => unescaped(inside ?? "").includes(`>${label}</button>`)) ?? [];
  if (!action) throw new Error(`no form on the page has a button that says ${label}`);
  const hidden = [...inside.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)];
  return {
    action,
    inside,
    hidden: Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, unescaped(value)])),
  };
}

export function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** What a page was answered with, in words. */
export function flashOf(body: string): string {
  return unescaped(/class="flash" data-kind="(?:done|refused)"[^>]*><p>([^<]*)</.exec(body)?.[1] ?? "");
}
