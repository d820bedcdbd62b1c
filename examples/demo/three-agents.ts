/** Three tiny agents: each asks its charter first and does with the leave it gets what an agent of its kind would. */
import type { Action, Agent, Leave, Subject } from "./agent.ts";
import type { Escalation } from "./wire.ts";

/** What really happened: the mails, posts and offers that left the house. */
export interface World {
  happen(agent: string, action: Action): void;
}

type OnHeld = (escalation: Escalation) => void;

export interface Contact {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly company: string;
}

const subjectOf = ({ id, name }: Contact): Subject => ({ type: "contact", id, name });

export function trialNurture(agent: Agent, world: World) {
  const send = (action: Action, words: string) => () => {
    world.happen("trial-nurture", action);
    return words;
  };

  return {
    /** The next mail of the sequence: the charter lets it write by itself. */
    async welcome(contact: Contact, step: number): Promise<Leave> {
      const want = {
        subject: subjectOf(contact),
        action: { name: "send_email", args: { to: contact.email, template: `healthcare-${step}` } },
        signal: { confidence: 0.93 },
      };
      const leave = await agent.attempt(want);
      if (leave.kind === "go")
        await agent.carryOut(leave, want, send(want.action, `writes to ${contact.name}, ${contact.company}`));
      return leave;
    },

    /** A question from a prospect. The agent has an answer of its own, and asks whether it may give one at all. */
    async reply(contact: Contact, question: string, onHeld: OnHeld): Promise<Leave> {
      const subject = subjectOf(contact);
      const leave = await agent.attempt({ subject, text: question, signal: { confidence: 0.88 } }, onHeld);
      switch (leave.kind) {
        case "answer": {
          const args = { to: contact.email, subject: `Re: ${question}`, body: leave.words };
          const action = { name: "send_email", args };
          await agent.carryOut(
            leave,
            { subject, action },
            send(action, `sends ${contact.name} that answer, word for word`),
          );
          break;
        }
        case "go":
          await agent.carryOut(
            leave,
            { subject },
            () => "carries on with its sequence; the question stays with the team",
          );
          break;
        case "stop":
          await agent.leaveUndone(leave, `does not reply: ${leave.why}`);
      }
      return leave;
    },

    /** A draft it is not sure of: it stops by itself and sends along what a person needs to judge it. */
    async nudge(
      contact: Contact,
      draft: { readonly subject: string; readonly body: string },
      onHeld: OnHeld,
    ): Promise<Leave> {
      const subject = subjectOf(contact);
      const action = { name: "send_email", args: { to: contact.email, ...draft } };
      const request = {
        trigger: "low_confidence",
        summary: `Should ${contact.company} get this reminder?`,
        reason: "They opened every mail and then went quiet. I can't tell whether they are busy or annoyed.",
        args_schema: {
          type: "object",
          required: ["to", "subject", "body"],
          properties: {
            to: { type: "string", format: "email" },
            subject: { type: "string", maxLength: 120 },
            body: { type: "string", maxLength: 2_000 },
          },
        },
        context: [
          { label: "Plan", value: "Enterprise trial, 140 seats, day 19 of 30" },
          { label: "Last seen", value: "6 days ago, export page" },
        ],
        transcript: [{ who: contact.name, text: "Looks good so far. We will talk about it internally." }],
      };
      const leave = await agent.attempt({ subject, action, signal: { confidence: 0.58 }, request }, onHeld);
      if (leave.kind === "go" && leave.action) {
        const words =
          leave.decision?.verdict === "edit"
            ? "sends the mail as it was edited"
            : "sends its draft as it stands";
        await agent.carryOut(leave, { subject, action }, send(leave.action, words));
      } else await agent.leaveUndone(leave, keptBack("sends nothing", leave));
      return leave;
    },

    /** A discount: up to 15 % it may, beyond that the charter asks first. */
    async discount(contact: Contact, percent: number, onHeld: OnHeld): Promise<Leave> {
      const subject = subjectOf(contact);
      const action = { name: "discount", args: { account: contact.company, percent, months: 12 } };
      const leave = await agent.attempt({ subject, action, signal: { confidence: 0.91 } }, onHeld);
      if (leave.kind === "go" && leave.action)
        await agent.carryOut(
          leave,
          { subject, action },
          send(leave.action, `books the discount for ${contact.company}`),
        );
      else await agent.leaveUndone(leave, keptBack("offers the list price", leave));
      return leave;
    },
  };
}

export function contentDistribution(agent: Agent, world: World) {
  const post = async (name: string, args: Action["args"], words: string, signal = {}): Promise<Leave> => {
    const action = { name, args };
    const leave = await agent.attempt({ action, signal });
    const deed = () => {
      world.happen("content-distribution", action);
      return words;
    };
    if (leave.kind === "go") await agent.carryOut(leave, { action }, deed);
    return leave;
  };

  return {
    publish: (title: string) => post("publish_post", { title }, `publishes “${title}”`),

    /** Reports what it has spent; whether it may spend on is not its own to say. */
    async boost(
      title: string,
      budget: { readonly spent: number; readonly cap: number; readonly currency: string },
      onHeld: OnHeld,
    ): Promise<Leave> {
      const leave = await agent.attempt({ signal: { budget } }, onHeld);
      if (leave.kind === "go")
        await post("boost_post", { title, pounds: 60 }, `boosts “${title}” for £60`, { budget });
      else await agent.leaveUndone(leave, keptBack("boosts nothing more this month", leave));
      return leave;
    },

    /** Reports how its articles do. */
    async measure(
      metric: {
        readonly name: string;
        readonly baseline: number;
        readonly current: number;
        readonly window: string;
      },
      onHeld: OnHeld,
    ): Promise<Leave> {
      const leave = await agent.attempt({ signal: { metric } }, onHeld);
      if (leave.kind === "go") await agent.carryOut(leave, {}, () => "carries on with its schedule");
      else await agent.leaveUndone(leave, keptBack("leaves its schedule alone", leave));
      return leave;
    },
  };
}

export function renewalAssistant(agent: Agent, world: World) {
  return {
    /** Terms for a renewal: the charter wants two people. */
    async offer(account: Contact, onHeld: OnHeld): Promise<Leave> {
      const subject = { type: "account", id: account.id, name: account.company };
      const action = {
        name: "offer_terms",
        args: { account: account.company, months: 24, seats: 85, uplift_percent: 3 },
      };
      const leave = await agent.attempt({ subject, action, signal: { confidence: 0.9 } }, onHeld);
      const decided = leave.kind === "go" ? leave.action : null;
      const deed = () => {
        if (decided) world.happen("renewal-assistant", decided);
        return `sends ${account.company} the terms, as they were approved`;
      };
      if (decided) await agent.carryOut(leave, { subject, action: decided }, deed);
      else await agent.leaveUndone(leave, keptBack("makes no offer", leave));
      return leave;
    },
  };
}

/** What an agent that may not act says of it. */
function keptBack(what: string, leave: Leave): string {
  switch (leave.kind) {
    case "answer":
      return `${what}, and keeps the answer: “${leave.words}”`;
    case "stop":
      return `${what}: ${leave.why}`;
    case "go":
      return what;
  }
}
