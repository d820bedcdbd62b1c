/** Puts an endpoint on the server: lets the right callers in, counts them, keeps answers, and sends. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Answer, API_HEADERS } from "./answer.ts";
import type { Authenticator, Caller } from "./authenticate.ts";
import type { BackPressure } from "./back-pressure.ts";
import type { Sent } from "./body.ts";
import type { Leave } from "./departures.ts";
import type { Remember } from "./door.ts";
import { type Arrived, type Endpoint, routePattern, type Who } from "./endpoint.ts";
import type { Once } from "./idempotency.ts";
import type { TakeTurn } from "./portions.ts";
import { forbidden, Problem } from "./problem.ts";
import type { TakeWrite } from "./write-limit.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** How a no is worded on this path; absent: problem+json. */
    wordsNo?: Endpoint["wordsNo"];
  }
  interface FastifyRequest {
    /** Who holds the key that was sent; null where none is asked for, or where the body is signed instead. */
    caller: Caller | null;
  }
}

const NOTHING = Buffer.alloc(0);

export interface Gate {
  readonly authenticator: Authenticator;
  readonly takeWrite: TakeWrite;
  /** Throws a 503 `Problem` while new work is refused. */
  readonly admit: BackPressure["admit"];
  readonly takeTurn: TakeTurn;
  readonly once: Once;
  /** Asked for when a request comes: its answer leaves by it. */
  readonly nextDeparture: () => Leave;
  /** Who is at a hook. Throws a `Problem`. */
  atHook(arrived: Arrived, sender: Endpoint["sender"]): Promise<Caller>;
}

export function mount(app: FastifyInstance, gate: Gate, endpoint: Endpoint): void {
  const { method, path, who, newWork } = endpoint;
  const writes = writer(gate, endpoint);

  function letIn(request: FastifyRequest, _reply: FastifyReply, done: (error?: Error) => void): void {
    const found = gate.authenticator.bearer(request.headers.authorization);
    if (found instanceof Promise) {
      found.then((caller) => admit(request, caller, who)).then(() => done(), done);
      return;
    }
    admit(request, found, who);
    done();
  }

  function admitNew(_request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
    gate.admit();
    gate.takeTurn(done);
  }

  app.route({
    method,
    url: routePattern(path),
    config: { wordsNo: endpoint.wordsNo },
    // Before the body is read: strangers send none, and what is refused costs next to nothing.
    onRequest: [
      ...(who === "anybody" || who === "signed" || who === "hook" ? [] : [letIn]),
      ...(newWork ? [admitNew] : []),
    ],
    // Returns nothing: a reply has a `then` of its own, and the framework would wait for it once more.
    handler: (request, reply) => {
      const leave = gate.nextDeparture();
      const answer = method === "GET" ? read(endpoint, request, reply) : writes(request, reply);
      if (answer instanceof Promise) {
        answer.then(
          (made) => leave(() => send(reply, made)),
          (error: unknown) => void reply.send(error),
        );
      } else send(reply, answer);
    },
  });
}

function admit(request: FastifyRequest, caller: Caller, who: Who): void {
  if (who !== "either" && caller.kind !== who) {
    throw forbidden(
      who === "admin"
        ? "This needs an administrator's key, hp_admin_…, and this is an agent's."
        : "This needs an agent's key, hp_<agent>_…, and this is an administrator's.",
    );
  }
  request.caller = caller;
}

function read(endpoint: Endpoint, request: FastifyRequest, reply: FastifyReply): Answer | Promise<Answer> {
  return answered(endpoint.serve(arrived(request, reply, request.caller)));
}

type Write = (request: FastifyRequest, reply: FastifyReply) => Answer | Promise<Answer>;

function writer(gate: Gate, endpoint: Endpoint): Write {
  const { who, keepsAnswers, sender } = endpoint;
  const name = `${endpoint.method} ${endpoint.path}`;

  /** `signedId`: the id of the webhook, where its signature has said who is calling. */
  function write(
    request: FastifyRequest,
    reply: FastifyReply,
    caller: Caller | null,
    signedId?: string,
  ): Answer | Promise<Answer> {
    if (caller) gate.takeWrite(caller.limitKey);
    if (!keepsAnswers || caller?.kind !== "agent")
      return answered(endpoint.serve(arrived(request, reply, caller)));
    const key = signedId ?? single(request, "idempotency-key") ?? single(request, "webhook-id");
    const raw = sent(request).raw ?? NOTHING;
    return gate.once({ agent: caller.agent, endpoint: name, key, raw }, (remember) =>
      endpoint.serve(arrived(request, reply, caller, remember)),
    );
  }

  switch (who) {
    case "signed":
      return async (request, reply) => {
        const raw = sent(request).raw ?? NOTHING;
        const signed = await gate.authenticator.signed(params(request).agent ?? "", request.headers, raw);
        return write(request, reply, signed.caller, signed.id);
      };
    case "hook":
      return async (request, reply) =>
        write(request, reply, await gate.atHook(arrived(request, reply, null), sender));
    default:
      return (request, reply) => write(request, reply, request.caller);
  }
}

function answered(made: ReturnType<Endpoint["serve"]>): Answer | Promise<Answer> {
  return made instanceof Promise ? made.then(certain) : certain(made);
}

/** Only a request that keeps its answer can lose a race for its key. */
function certain(made: Awaited<ReturnType<Endpoint["serve"]>>): Answer {
  if ("code" in made) throw new Error("an endpoint that keeps no answers found its key used");
  return made;
}

function arrived(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: Caller | null,
  remember?: Remember,
): Arrived {
  return {
    caller,
    params: params(request),
    query: request.query,
    sent: sent(request),
    headers: request.headers,
    ifNoneMatch: request.headers["if-none-match"],
    remember,
    gone() {
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort());
      if (reply.raw.destroyed) gone.abort();
      return gone.signal;
    },
  };
}

function params(request: FastifyRequest): Readonly<Record<string, string>> {
  return request.params as Readonly<Record<string, string>>;
}

/** The server's one parser hands bodies on as bytes. */
function sent(request: FastifyRequest): Sent {
  return {
    contentType: request.headers["content-type"],
    contentEncoding: request.headers["content-encoding"],
    raw: request.body as Buffer | undefined,
  };
}

function single(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  if (Array.isArray(value)) throw new Problem(400, "bad_header", `Send the header ${name} once.`);
  return value;
}

/** Never throws: what cannot be sent is answered as a fault. */
function send(reply: FastifyReply, answer: Answer): void {
  try {
    reply.code(answer.status).headers(API_HEADERS).header("content-type", answer.type);
    if (answer.headers) reply.headers(answer.headers);
    reply.send(answer.body);
  } catch (error) {
    reply.send(error);
  }
}
