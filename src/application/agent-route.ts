/** What an edge brings that gives agents another way in: the server finds out who calls and reads the body, the edge answers. */
import type { z } from "zod";
import type { Agent } from "../domain/agent.ts";
import type { requestSchema } from "../domain/escalation/request.ts";
import type { Refusal } from "../domain/refusal.ts";
import type { Result } from "../domain/result.ts";
import type { StoredAnswer } from "../domain/step.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Whether a sender's own signature over these very bytes is good; `why` is a sentence for its operator. */
export type CheckSender = (signed: {
  readonly agent: string;
  readonly headers: Headers;
  readonly raw: Buffer;
}) => { readonly ok: true } | { readonly ok: false; readonly why: string };

/** `key`: the agent whose key was sent. `hook`: the agent in the path, by its key, a Standard Webhooks signature, or a sender's. */
export type AgentDoor =
  | { readonly by: "key" }
  | {
      readonly by: "hook";
      /** Where a header of that name comes, the sender signs in a way of its own. */
      readonly sender: { readonly header: string; readonly check: CheckSender } | null;
    };

export interface AgentRoute {
  readonly method: "GET" | "POST";
  /** `/v1/interrupts/{id}`: parameters as OpenAPI writes them. */
  readonly path: string;
  readonly door: AgentDoor;
  /** A short verb phrase, for the API document. */
  readonly summary: string;
  readonly query: z.ZodType;
  /** What is read from a POST's body, which may be of any JSON type. Null: nothing is sent, or what is sent is not looked at. */
  readonly body: z.ZodType | null;
  readonly answers: Readonly<Record<number, { readonly says: string; readonly schema: z.ZodType }>>;
  /** A no in the form the caller's client knows; null: problem+json. */
  readonly no: ((problem: { readonly code: string; readonly detail: string }) => object) | null;
  handle(call: AgentCall): Promise<Result<AgentAnswer, Refusal | Conflict>>;
}

/** A no of the edge's own: what was asked for contradicts what is there (409), or is not for agents (403). */
export interface Conflict {
  readonly code: "conflict" | "not_for_agents";
  readonly detail: string;
}

export interface AgentAnswer {
  readonly status: number;
  readonly body: object;
}

export interface AgentCall {
  readonly agent: Agent;
  readonly params: Readonly<Record<string, string>>;
  /** As the route's `query` and `body` read them. */
  readonly query: unknown;
  readonly body: unknown;
  readonly headers: Headers;
  /** SHA-256 of the body's bytes, as hex. */
  readonly bodyHash: string;
  /** What of a request would be refused, before anything is raised. */
  check(request: z.input<typeof requestSchema>): Refusal | undefined;
  /**
   * Raises an escalation after every check that a request of the agents' own API gets. With `remember`, its answer is kept
   * in the same transaction; `key_reused` when another request was quicker with the same key.
   */
  raise(
    request: z.input<typeof requestSchema>,
    remember?: (body: string) => StoredAnswer,
  ): Promise<Result<Raised, Refusal | { readonly code: "key_reused" }>>;
  /** Reads until `done`, or for `seconds` (0..60), woken by changes of the topics; gives the last reading in any case. */
  until<Reading>(
    waiting: { readonly seconds: number; readonly topics: readonly string[] },
    read: () => Promise<Reading>,
    done: (reading: Reading) => boolean,
  ): Promise<Reading>;
}

/** As much of the answer to "Escalate" as edges pass on. */
export interface Raised {
  readonly id: string;
  readonly url: string;
  readonly created_at: string;
}
