/** Agents and people as they are: they try again until they have an answer, and write down what they were told meanwhile. */
import { agentClient, type Reply } from "../agent-client.ts";
import { buttonsOn, type Message, type SlackWorkspace } from "../slack-workspace/index.ts";

const BETWEEN_TRIES_MS = 200;
/** A click that Slack could not deliver, or that brought nothing about, is made again after so long. */
const PRESSED_AGAIN_AFTER_MS = 4_000;

/** What an agent knows to be raised: the answer was 202. */
export interface Raised {
  readonly id: string;
  readonly agent: string;
  readonly key: string;
  readonly at: number;
}

/** What an agent was told when it asked whether it may go on. */
export interface StateSeen {
  readonly agent: string;
  /** When it asked, and when it had the answer. */
  readonly from: number;
  readonly until: number;
  readonly held: boolean;
  /** Nobody could tell, so it was told to stop. */
  readonly unknown: boolean;
}

/** An answer to `POST /v1/escalations`; status 0: the connection was lost. */
export interface Answered {
  readonly from: number;
  readonly status: number;
}

export interface Notebook {
  readonly raised: Raised[];
  readonly states: StateSeen[];
  readonly answers: Answered[];
}

export function newNotebook(): Notebook {
  return { raised: [], states: [], answers: [] };
}

export interface PatientAgent {
  readonly id: string;
  /** With a key of its own, until it is acknowledged. */
  raise(request?: Readonly<Record<string, unknown>>): Promise<Raised>;
  /** Asks whether it may go on; undefined where nobody answered. */
  mayGoOn(): Promise<boolean | undefined>;
  /** Waits for the decision, with long-polls. */
  decided(id: string): Promise<void>;
}

export function patientAgent(
  {
    url,
    id,
    key,
    callbackUrl,
  }: { readonly url: string; readonly id: string; readonly key: string; readonly callbackUrl: string },
  notebook: Notebook,
): PatientAgent {
  const client = agentClient(url, key, "");
  let number = 0;
  return {
    id,
    async raise(request = {}) {
      const idempotencyKey = `${id}-${number++}`;
      return insist(async () => {
        const from = Date.now();
        const reply = await client
          .escalate(
            { summary: `${idempotencyKey} asks`, callback_url: callbackUrl, ...request },
            idempotencyKey,
          )
          .catch((): Pick<Reply, "status" | "body"> => ({ status: 0, body: {} }));
        notebook.answers.push({ from, status: reply.status });
        if (reply.status !== 202) return undefined;
        const raised = { id: String(reply.body.id), agent: id, key: idempotencyKey, at: Date.now() };
        notebook.raised.push(raised);
        return raised;
      });
    },
    async mayGoOn() {
      const from = Date.now();
      const reply = await client.state().catch(() => undefined);
      if (reply?.status !== 200) return undefined;
      const held = reply.body.state !== "running";
      const unknown = reply.body.version === -1;
      notebook.states.push({ agent: id, from, until: Date.now(), held, unknown });
      return !held;
    },
    async decided(escalation) {
      await insist(async () => {
        const reply = await client.follow(escalation, 10);
        return reply.body.status === "decided" ? true : undefined;
      });
    },
  };
}

/** Tries until there is a result. */
export async function insist<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (;;) {
    const result = await attempt().catch(() => undefined);
    if (result !== undefined) return result;
    await pause(BETWEEN_TRIES_MS);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Somebody who approves whatever asks them, with two hands: each click goes out twice at once, and may reach two replicas. */
export function patientPerson(slack: SlackWorkspace, person: string): { stop(): Promise<void> } {
  const pressedAt = new Map<string, number>();
  let going = true;
  const press = async (card: Message) => {
    if (performance.now() - (pressedAt.get(card.ts) ?? Number.NEGATIVE_INFINITY) < PRESSED_AGAIN_AFTER_MS)
      return;
    pressedAt.set(card.ts, performance.now());
    await Promise.all([1, 2].map(() => slack.press(person, card, "Approve").catch(() => undefined)));
  };
  const work = (async () => {
    while (going) {
      const asking = slack
        .dm(person)
        .filter(({ blocks }) => buttonsOn(blocks).some(({ text }) => text === "Approve"));
      await Promise.all(asking.map(press));
      await pause(BETWEEN_TRIES_MS);
    }
  })();
  return {
    async stop() {
      going = false;
      await work;
    },
  };
}
