/** What an agent needs of Holdpoint, in plain fetch: ask before acting, stop when held, do what was decided and nothing else. */
import { createHash, randomUUID } from "node:crypto";
import canonicalize from "canonicalize";
import type { Decision, Escalation, Followed, State } from "./wire.ts";

export interface Action {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Subject {
  readonly type: string;
  readonly id: string;
  readonly name?: string;
}

/** What the agent is about to do or has measured; `request` turns it into an escalation of the agent's own making. */
export interface Want {
  readonly subject?: Subject;
  readonly action?: Action;
  readonly signal?: object;
  /** The customer's message or the draft: phrase rules look at it. */
  readonly text?: string;
  /** Set where the agent stops by itself: the trigger, its reason, and whatever helps a person to decide. */
  readonly request?: {
    readonly trigger: string;
    readonly summary: string;
    readonly reason: string;
  } & Readonly<Record<string, unknown>>;
}

/** What the agent may do now. `escalation` is null where the charter let it proceed without asking anybody. */
export type Leave = { readonly escalation: Escalation | null; readonly decision: Decision | null } & (
  | { readonly kind: "go"; readonly action: Action | null }
  | { readonly kind: "answer"; readonly words: string }
  | { readonly kind: "stop"; readonly why: string }
);

export interface Options {
  readonly url: string;
  readonly key: string;
  readonly callbackUrl: string;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  /** The agent's log, one sentence at a time. */
  readonly say: (words: string) => void;
}

export type Agent = ReturnType<typeof connect>;

export function connect({ url, key, callbackUrl, signal, say }: Options) {
  /** Fails closed: whatever goes wrong here ends in an exception, and the action stays undone. */
  async function call(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(url + path, {
      method,
      signal,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 304)
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return {
      status: response.status,
      etag: response.headers.get("etag") ?? "",
      body: text && JSON.parse(text),
    };
  }

  /** Resolves once no hold covers what is wanted; until then the agent confirms that it has stopped, and waits. */
  async function untilFree({ subject, action }: Want): Promise<void> {
    const query = new URLSearchParams();
    if (subject) query.set("subject", `${subject.type}:${subject.id}`);
    if (action) query.set("capability", action.name);
    const told = new Set<string>();
    for (let known = ""; ; ) {
      if (known) query.set("wait", "30");
      const answer = await call(
        "GET",
        `/v1/state?${query}`,
        undefined,
        known ? { "if-none-match": known } : {},
      );
      if (answer.status === 304) continue;
      const state: State = answer.body;
      if (state.state === "running") {
        if (told.size > 0) say("is free again, and goes on");
        return;
      }
      await call("POST", "/v1/state/ack", { version: state.version });
      for (const hold of state.holds.filter(({ id }) => !told.has(id))) {
        told.add(hold.id);
        say(`is held by ${hold.placed_by.name} (“${hold.reason}”): it stops, confirms that, and waits`);
      }
      known = answer.etag;
    }
  }

  /** Tells Holdpoint what the agent wants; undefined when the charter lets it proceed. */
  async function ask({
    subject,
    action,
    signal: measured,
    text,
    request,
  }: Want): Promise<Escalation | undefined> {
    const about = { subject, action, callback_url: callbackUrl };
    // The same key on a repeated call gives the stored answer instead of a second escalation.
    const once = { "idempotency-key": randomUUID() };
    if (request)
      return (await call("POST", "/v1/escalations", { ...about, signal: measured, ...request }, once)).body;
    const { body } = await call("POST", "/v1/signals", { ...about, signal: measured ?? {}, text }, once);
    return body.verdict === "hold" ? { ...body.escalation, rule: body.rule } : undefined;
  }

  /** Long-polls until a person has decided, or until nobody can any more. */
  async function follow(id: string): Promise<Followed> {
    let counted = 0;
    for (;;) {
      const seen: Followed = (await call("GET", `/v1/escalations/${id}?wait=30`)).body;
      if (seen.status !== "open") return seen;
      const { given, needed } = seen.approvals;
      if (given.length > counted)
        say(
          `counts ${given.length} of ${needed} approvals (${given.map(({ name }) => name).join(", ")}), and waits on`,
        );
      counted = given.length;
    }
  }

  return {
    untilFree,

    /** Asks, waits where a person is asked, and turns their decision into what the agent may do. */
    async attempt(want: Want, onHeld: (escalation: Escalation) => void = () => {}): Promise<Leave> {
      await untilFree(want);
      const escalation = await ask(want);
      if (!escalation) return { kind: "go", escalation: null, decision: null, action: want.action ?? null };
      const { body: state } = await call("GET", "/v1/state");
      await call("POST", "/v1/state/ack", { version: state.version });
      onHeld(escalation);
      const { status, decision } = await follow(escalation.id);
      const about = { escalation, decision };
      if (!decision)
        return {
          kind: "stop",
          why: `it ${status === "expired" ? "expired: silence is not consent" : "was withdrawn"}`,
          ...about,
        };
      say(`is told: ${decisionWords(decision)}`);
      switch (decision.verdict) {
        case "approve":
        case "edit":
          return { kind: "go", action: decidedAction(want.action, decision), ...about };
        case "respond":
          return { kind: "answer", words: decision.response ?? decision.option ?? "", ...about };
        case "reject":
          return { kind: "stop", why: decision.reason ?? decision.option ?? "no reason was given", ...about };
        case "dismiss":
          return { kind: "stop", why: "the request was dismissed", ...about };
      }
    },

    /** Acts on a leave: asks once more whether anything holds it, acts, and reports what became of it. */
    async carryOut(
      { escalation }: Leave,
      want: Pick<Want, "subject" | "action">,
      deed: () => string,
    ): Promise<void> {
      await untilFree(want);
      const detail = deed();
      say(detail);
      if (escalation)
        await call("POST", `/v1/escalations/${escalation.id}/outcome`, { executed: true, detail });
    },

    /** Reports that nothing was done, and why. */
    async leaveUndone({ escalation }: Leave, detail: string): Promise<void> {
      say(detail);
      if (escalation)
        await call("POST", `/v1/escalations/${escalation.id}/outcome`, { executed: false, detail });
    },
  };
}

const DECIDED: Readonly<Record<Decision["verdict"], string>> = {
  approve: "approved",
  edit: "edited and approved",
  reject: "rejected",
  respond: "answered",
  dismiss: "dismissed",
};

function decisionWords({ by, verdict, kept_held, response, reason, option }: Decision): string {
  const words = response ?? reason ?? option;
  const kept = kept_held ? ", and keeps it paused" : "";
  return `${by.name} ${DECIDED[verdict]} this${kept}${words ? `: “${words}”` : ""}`;
}

/** RFC 8785 JSON, SHA-256: the same digest that stands in the 202, on the card and in the decision. */
export function digestOf({ name, args }: Action): string {
  return `sha256:${createHash("sha256")
    .update(canonicalize({ name, args }) ?? "")
    .digest("hex")}`;
}

/** The very action that was decided on: with the approver's arguments where they changed them, and only if the digest says so. */
function decidedAction(wanted: Action | undefined, decision: Decision): Action | null {
  if (!wanted) return null;
  const action = {
    name: wanted.name,
    args: decision.verdict === "edit" && decision.args ? decision.args : wanted.args,
  };
  if (digestOf(action) !== decision.action_digest)
    throw new Error(
      `${decision.by.name} decided on another action than ${action.name} as it stands here: nothing was done`,
    );
  return action;
}
