/** An agent as its builder would write it: plain HTTP calls with its own key. */

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; `{}` where there is none. */
  readonly body: Body;
}

/** JSON as it came: tests read what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: an agent reads answers without our types.
type Body = any;

export interface AgentClient {
  readonly key: string;
  /** Verifies callbacks. */
  readonly signingSecret: string;
  /** `POST /v1/escalations`; what is left out is a usual request. */
  escalate(request?: Readonly<Record<string, unknown>>, idempotencyKey?: string): Promise<Reply>;
  signal(request: Readonly<Record<string, unknown>>, idempotencyKey?: string): Promise<Reply>;
  /** `wait` in seconds. */
  follow(id: string, wait?: number): Promise<Reply>;
  /** `query` such as `{ subject: "contact:123" }`. */
  state(query?: Readonly<Record<string, string>>): Promise<Reply>;
  confirm(version: number): Promise<Reply>;
  withdraw(id: string, reason: string): Promise<Reply>;
  report(id: string, outcome: Readonly<Record<string, unknown>>): Promise<Reply>;
}

/** The action of a usual request: something a person could want to change. */
export const ACTION = {
  name: "send_email",
  args: { to: "dana@example.com", subject: "Data processing agreement", percent: 10 },
} as const;

/** What an agent that is unsure asks. */
export const REQUEST = {
  trigger: "low_confidence",
  summary: "Reply to Dana about the data processing agreement",
  reason: "I am 61 % sure that she asks for the signed copy.",
  signal: { confidence: 0.61 },
  subject: { type: "contact", id: "dana-17", name: "Dana Whitfield" },
  action: ACTION,
} as const;

export function agentClient(url: string, key: string, signingSecret: string): AgentClient {
  const call = callWith(url, key);
  const keyed = (idempotencyKey: string | undefined): Record<string, string> =>
    idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey };
  return {
    key,
    signingSecret,
    escalate: (request, idempotencyKey) =>
      call("POST", "/v1/escalations", { ...REQUEST, ...request }, keyed(idempotencyKey)),
    signal: (request, idempotencyKey) => call("POST", "/v1/signals", request, keyed(idempotencyKey)),
    follow: (id, wait = 0) => call("GET", `/v1/escalations/${id}?wait=${wait}`),
    state: (query = {}) => call("GET", `/v1/state?${new URLSearchParams(query)}`),
    confirm: (version) => call("POST", "/v1/state/ack", { version }),
    withdraw: (id, reason) => call("POST", `/v1/escalations/${id}/withdraw`, { reason }),
    report: (id, outcome) => call("POST", `/v1/escalations/${id}/outcome`, outcome),
  };
}

/** JSON in, JSON out, with one key: an agent's or an administrator's. */
export function callWith(url: string, key: string) {
  return async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== "" ? JSON.parse(text) : {},
    };
  };
}
