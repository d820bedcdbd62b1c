/** The agents' door: raise an escalation, ask the charter about a signal, follow, withdraw, report what became of it. */
import { z } from "zod";
import { requestSchema, signalRequestSchema } from "../domain/escalation/request.ts";
import type { FieldProblem } from "../domain/refusal.ts";
import { type Answer, json, replied } from "./answer.ts";
import { accepted, anything, followed, hold, proceed } from "./answer-schemas.ts";
import type { AgentCaller } from "./authenticate.ts";
import type { HttpDoor, KeyReused, Remember } from "./door.ts";
import { type Endpoint, endpoint, NO_BODY, NO_QUERY } from "./endpoint.ts";
import type { LongPolls } from "./long-poll.ts";
import { invalid, refused } from "./problem.ts";
import { escalationIn, waitSeconds } from "./query.ts";
import type { CheckOpen } from "./write-limit.ts";

const RAISED = {
  202: { says: "It is on disk, its hold stands, and people are being asked.", schema: accepted },
};

export function escalationEndpoints(
  door: HttpDoor,
  polls: LongPolls,
  checkOpen: CheckOpen,
): readonly Endpoint[] {
  const { useCases } = door;

  interface Raising {
    readonly caller: AgentCaller;
    readonly body: z.output<typeof requestSchema>;
    readonly remember: Remember | undefined;
  }

  async function raise({ caller, body, remember }: Raising): Promise<Answer | KeyReused> {
    checkPromises(door, body);
    await checkOpen(caller.agent.id);
    const kept = keeping(remember);
    const raised = await useCases.raiseEscalation({ agent: caller.agent, request: body, ...kept.option });
    if (raised.ok) return kept.answer(202, raised.value.body);
    if (raised.no.code === "key_reused") return raised.no;
    throw refused(raised.no);
  }

  const raising = {
    method: "POST",
    query: NO_QUERY,
    body: requestSchema,
    keepsAnswers: true,
    newWork: true,
    answers: RAISED,
    handle: raise,
  } as const;

  return [
    endpoint({ ...raising, path: "/v1/escalations", who: "agent", summary: "Escalate" }),
    endpoint({
      ...raising,
      path: "/v1/hooks/{agent}",
      who: "signed",
      summary: "Escalate with a signature instead of a key",
    }),
    endpoint({
      method: "POST",
      path: "/v1/signals",
      who: "agent",
      summary: "Ask the charter about a signal",
      query: NO_QUERY,
      body: signalRequestSchema,
      keepsAnswers: true,
      newWork: true,
      answers: {
        200: { says: "No rule of the charter is met: the agent may go on.", schema: proceed },
        202: { says: "A rule is met: a person is asked, and the agent is held.", schema: hold },
      },
      async handle({ caller, body, remember }) {
        checkPromises(door, body);
        await checkOpen(caller.agent.id);
        const kept = keeping(remember);
        const checked = await useCases.checkSignal({ agent: caller.agent, request: body, ...kept.option });
        if (checked.ok) return kept.answer(checked.value.verdict === "hold" ? 202 : 200, checked.value.body);
        if (checked.no.code === "key_reused") return checked.no;
        throw refused(checked.no);
      },
    }),
    endpoint({
      method: "GET",
      path: "/v1/escalations/{id}",
      who: "either",
      summary: "Follow an escalation",
      query: z.strictObject({ wait: waitSeconds }),
      body: NO_BODY,
      keepsAnswers: false,
      answers: { 200: { says: "As it is now; with `wait`, as soon as it changes.", schema: followed } },
      async handle({ caller, params, query, gone }) {
        const id = escalationIn(params);
        const agent = caller.kind === "agent" ? caller.agent.id : null;
        const read = async () => {
          const found = await useCases.followEscalation({ id, agent });
          if (!found.ok) throw refused(found.no);
          const { revision, settled, body } = found.value;
          return { revision, settled, text: JSON.stringify(body) };
        };
        let first: Awaited<ReturnType<typeof read>> | undefined;
        const waiting = { seconds: query.wait, topics: [id], gone: gone() };
        // The text tells of deliveries too, which are no revision of the escalation.
        const last = await polls.until(waiting, read, (now) => {
          first ??= now;
          return now.settled || now.revision !== first.revision || now.text !== first.text;
        });
        return replied(200, last.text);
      },
    }),
    endpoint({
      method: "POST",
      path: "/v1/escalations/{id}/withdraw",
      who: "agent",
      summary: "Withdraw an escalation",
      query: NO_QUERY,
      body: z.strictObject({ reason: spoken(2_000) }),
      keepsAnswers: false,
      answers: { 200: { says: "It is withdrawn.", schema: anything } },
      async handle({ caller, params, body }) {
        const { agent } = caller;
        const done = await useCases.withdrawEscalation({
          id: escalationIn(params),
          agent,
          reason: body.reason,
        });
        if (!done.ok) throw refused(done.no);
        return json(200, done.value.body);
      },
    }),
    endpoint({
      method: "POST",
      path: "/v1/escalations/{id}/outcome",
      who: "agent",
      summary: "Report what became of a decision",
      query: NO_QUERY,
      body: z.strictObject({
        executed: z.boolean(),
        detail: spoken(2_000).optional(),
        metric: z.unknown().refine(isSmall, "at most 16 KB of JSON").optional(),
      }),
      keepsAnswers: false,
      answers: { 200: { says: "It is recorded.", schema: anything } },
      async handle({ caller, params, body }) {
        const { agent } = caller;
        const done = await useCases.reportOutcome({ id: escalationIn(params), agent, outcome: body });
        if (!done.ok) throw refused(done.no);
        return json(200, done.value.body);
      },
    }),
  ];
}

/** What a schema cannot say: whether an address may be called, and whether a form can be made of a schema. */
export function checkPromises(
  door: Pick<HttpDoor, "checkCallbackUrl" | "checkArgsSchema">,
  body: {
    readonly callback_url?: string | undefined;
    readonly args_schema?: Readonly<Record<string, unknown>> | undefined;
  },
): void {
  const problems: FieldProblem[] = [];
  const url = body.callback_url === undefined ? null : door.checkCallbackUrl(body.callback_url);
  if (url !== null) problems.push({ pointer: "/callback_url", detail: url });
  const schema = body.args_schema === undefined ? null : door.checkArgsSchema(body.args_schema);
  if (schema !== null) problems.push({ pointer: "/args_schema", detail: schema });
  if (problems.length > 0) throw invalid(problems);
}

/** The first answer and its repetitions are the same bytes, so what was kept is what is sent. */
function keeping(remember: Remember | undefined) {
  let text: string | undefined;
  const option = remember
    ? {
        remember: (status: number, body: string) => {
          text = body;
          return remember(status, body);
        },
      }
    : {};
  return { option, answer: (status: number, body: object) => replied(status, text ?? JSON.stringify(body)) };
}

function spoken(most: number) {
  return z
    .string()
    .max(most)
    .refine((value) => value.trim() !== "", "say something: this is blank");
}

function isSmall(value: unknown): boolean {
  return value === undefined || JSON.stringify(value).length <= 16_384;
}
