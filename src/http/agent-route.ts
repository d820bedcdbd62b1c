/** Makes an endpoint of a way in that another edge brings, with the same checks, limits and waiting as our own. */
import { hash } from "node:crypto";
import type { AgentCall, AgentRoute, Conflict, Raised } from "../application/agent-route.ts";
import { requestSchema } from "../domain/escalation/request.ts";
import type { Refusal } from "../domain/refusal.ts";
import { no, yes } from "../domain/result.ts";
import { json } from "./answer.ts";
import type { AgentCaller, Authenticator } from "./authenticate.ts";
import type { BackPressure } from "./back-pressure.ts";
import { readBody, readQuery } from "./body.ts";
import type { HttpDoor } from "./door.ts";
import { type Arrived, type Endpoint, NO_BODY } from "./endpoint.ts";
import { checkPromises } from "./escalation-routes.ts";
import { fieldProblems } from "./field-problems.ts";
import type { LongPolls } from "./long-poll.ts";
import { forbidden, Problem, refused, unauthorized } from "./problem.ts";
import type { CheckOpen } from "./write-limit.ts";

/** `application/cloudevents+json` and the like are JSON to us; what makes them special is the edge's to know. */
const JSON_KIND = /^application\/[\w.-]+\+json\b/i;

/** Whether somebody may raise anything now. Each throws a `Problem`. */
interface RaisingChecks {
  readonly checkOpen: CheckOpen;
  readonly admit: BackPressure["admit"];
}

export function agentRouteEndpoint(
  door: HttpDoor,
  polls: LongPolls,
  checks: RaisingChecks,
  route: AgentRoute,
): Endpoint {
  const { method, path, summary, query, answers } = route;
  return {
    ...{ method, path, summary, query, answers },
    who: route.door.by === "key" ? "agent" : "hook",
    body: route.body ?? NO_BODY,
    keepsAnswers: false,
    ...(route.no ? { wordsNo: route.no } : {}),
    ...(route.door.by === "hook" && route.door.sender ? { sender: route.door.sender } : {}),
    async serve(arrived) {
      const caller = arrived.caller as AgentCaller;
      const handled = await route.handle(callOf(door, polls, checks, route, caller, arrived));
      if (!handled.ok) throw asProblem(handled.no);
      return json(handled.value.status, handled.value.body);
    },
  };
}

function callOf(
  door: HttpDoor,
  polls: LongPolls,
  checks: RaisingChecks,
  route: AgentRoute,
  { agent }: AgentCaller,
  { params, headers, query, sent, gone }: Arrived,
): AgentCall {
  const asJson = JSON_KIND.test(sent.contentType ?? "") ? { ...sent, contentType: "application/json" } : sent;
  return {
    ...{ agent, params, headers },
    query: readQuery(query, route.query),
    body: route.body ? readBody(asJson, route.body) : undefined,
    bodyHash: hash("sha256", sent.raw ?? Buffer.alloc(0), "hex"),
    check(request) {
      const read = requestSchema.safeParse(request);
      return read.success ? undefined : { code: "invalid", problems: fieldProblems(read.error.issues) };
    },
    async raise(request, remember) {
      checks.admit();
      const read = requestSchema.safeParse(request);
      if (!read.success) return no({ code: "invalid", problems: fieldProblems(read.error.issues) });
      checkPromises(door, read.data);
      await checks.checkOpen(agent.id);
      const raised = await door.useCases.raiseEscalation({
        agent,
        request: read.data,
        ...(remember ? { remember: (_status: number, body: string) => remember(body) } : {}),
      });
      return raised.ok ? yes(raised.value.body as Raised) : raised;
    },
    until: ({ seconds, topics }, read, done) => polls.until({ seconds, topics, gone: gone() }, read, done),
  };
}

function asProblem(why: Refusal | Conflict): Problem {
  if (!("detail" in why)) return refused(why);
  return new Problem(why.code === "conflict" ? 409 : 403, why.code, why.detail);
}

/** Who is at a hook: the agent in the path, however it or its sender proves that. Throws a 401 or 403 `Problem`. */
export async function atHook(
  authenticator: Authenticator,
  { params, headers, sent: { raw = Buffer.alloc(0) } }: Arrived,
  sender: Endpoint["sender"],
): Promise<AgentCaller> {
  const agent = params.agent ?? "";
  if (headers.authorization !== undefined) {
    const caller = await authenticator.bearer(headers.authorization);
    if (caller.kind === "agent" && caller.agent.id === agent) return caller;
    throw forbidden("This is the hook of another agent: send the key of the agent in the path.");
  }
  if (sender && headers[sender.header] !== undefined) {
    const checked = sender.check({ agent, headers, raw });
    const caller = checked.ok ? await authenticator.named(agent) : undefined;
    if (caller) return caller;
    throw unauthorized(`The signature was not accepted. ${checked.ok ? "" : checked.why}`.trim());
  }
  return (await authenticator.signed(agent, headers, raw)).caller;
}
