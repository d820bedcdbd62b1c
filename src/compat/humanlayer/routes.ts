/** HumanLayer's API under `/humanlayer/v1`: its clients run against this with another base URL and our key. */
import { z } from "zod";
import type { AgentAnswer, AgentCall, AgentRoute } from "../../application/agent-route.ts";
import type { HurryEscalation } from "../../application/hurry-escalation.ts";
import type { HoldIndex, Store } from "../../application/ports.ts";
import type { Escalation } from "../../domain/escalation/escalation.ts";
import { no, yes } from "../../domain/result.ts";
import type { Kept, KeptCalls, Place } from "../kept-calls.ts";
import { stillHeld } from "../release.ts";
import * as functionCall from "./function-call.ts";
import * as humanContact from "./human-contact.ts";

export interface HumanLayerParts {
  readonly store: Pick<Store, "escalations">;
  readonly holds: HoldIndex;
  readonly kept: KeptCalls;
  readonly hurry: HurryEscalation;
}

/** One of HumanLayer's two kinds of call. */
interface Kind {
  readonly name: string;
  /** Path under the base, and other names that its documentation has for it. */
  readonly paths: readonly string[];
  /** Under which an agent responds and escalates. */
  readonly agentPath: string;
  readonly body: z.ZodType<{ readonly call_id: string }>;
  readonly answer: z.ZodType;
  request(body: unknown): Parameters<AgentCall["raise"]>[0];
  extra(body: unknown): unknown;
  view(escalation: Escalation, kept: Kept): object;
}

const BASE = "/humanlayer/v1";
const NO_QUERY = z.object({});
const CREATED = "It is on disk, and people are being asked.";

/** Both clients read errors as JSON before they look at the status. */
const errorBody: AgentRoute["no"] = ({ code, detail }) => ({ error: { code, message: detail } });

export function humanLayerRoutes(parts: HumanLayerParts): readonly AgentRoute[] {
  const { store, holds, kept, hurry } = parts;
  const kinds: readonly Kind[] = [
    {
      name: "approval",
      paths: ["function_calls"],
      agentPath: "function_calls",
      body: functionCall.functionCallSchema,
      answer: functionCall.answeredFunctionCall,
      request: (body) => functionCall.asRequest(body as functionCall.FunctionCall),
      extra: (body) => functionCall.keptOf(body as functionCall.FunctionCall),
      view: (escalation, { extra }) =>
        functionCall.functionCallView(
          escalation,
          extra as ReturnType<typeof functionCall.keptOf>,
          stillHeld(escalation, holds),
        ),
    },
    {
      name: "question",
      // The clients say contact_requests, the documentation says human_contacts.
      paths: ["contact_requests", "human_contacts"],
      agentPath: "human_contacts",
      body: humanContact.humanContactSchema,
      answer: humanContact.answeredHumanContact,
      request: (body) => humanContact.asRequest(body as humanContact.HumanContact),
      extra: (body) => humanContact.keptOf(body as humanContact.HumanContact),
      view: (escalation, { extra }) =>
        humanContact.humanContactView(escalation, extra as ReturnType<typeof humanContact.keptOf>),
    },
  ];

  async function answer(kind: Kind, found: Kept | undefined) {
    const escalation = found && (await store.escalations.find(found.escalation));
    if (!escalation) return no({ code: "not_found" as const, what: `such ${kind.name}` });
    return yes<AgentAnswer>({ status: 200, body: kind.view(escalation, found) });
  }

  function placeOf(kind: Kind, { agent }: AgentCall, id: string): Place {
    return { agent: agent.id, kind: `humanlayer/${kind.agentPath}`, id };
  }

  function create(kind: Kind): AgentRoute["handle"] {
    return async (call) => {
      const { call_id } = call.body as { readonly call_id: string };
      const place = placeOf(kind, call, call_id);
      const raised = await kept.raiseOnce(call, place, kind.request(call.body), kind.extra(call.body));
      return raised.ok ? answer(kind, raised.value) : raised;
    };
  }

  function poll(kind: Kind): AgentRoute["handle"] {
    return async (call) => answer(kind, await kept.find(placeOf(kind, call, call.params.id ?? "")));
  }

  /**
   * The next people of the charter's chain are asked now. HumanLayer would write to addresses that the agent names; whom to
   * ask is not the agent's to say here.
   */
  function escalate(kind: Kind): AgentRoute["handle"] {
    return async (call) => {
      const found = await kept.find(placeOf(kind, call, call.params.id ?? ""));
      if (!found) return no({ code: "not_found", what: `such ${kind.name}` });
      const hurried = await hurry(found.escalation, call.agent.id);
      return hurried.ok ? answer(kind, found) : hurried;
    };
  }

  const detail = "A person decides this, on a card or in the console. An agent's key can't.";
  const respond: AgentRoute["handle"] = async () => no({ code: "not_for_agents", detail });

  return kinds.flatMap((kind) => {
    const answers = (says: string) => ({ 200: { says, schema: kind.answer } });
    const of = { door: { by: "key" }, query: NO_QUERY, no: errorBody } as const;
    const one = `${BASE}/agent/${kind.agentPath}/{id}`;
    return [
      ...kind.paths.flatMap((path): AgentRoute[] => [
        {
          ...of,
          ...{ method: "POST", path: `${BASE}/${path}`, body: kind.body, answers: answers(CREATED) },
          summary: `Ask for a HumanLayer ${kind.name} at ${path}`,
          handle: create(kind),
        },
        {
          ...of,
          ...{ method: "GET", path: `${BASE}/${path}/{id}`, body: null, answers: answers("As it is now.") },
          summary: `Poll a HumanLayer ${kind.name} at ${path}`,
          handle: poll(kind),
        },
      ]),
      {
        ...of,
        ...{ method: "POST", path: `${one}/escalate_email`, body: z.object({}) },
        answers: answers("The next people of the chain are being asked, where there are any."),
        summary: `Escalate a HumanLayer ${kind.name}`,
        handle: escalate(kind),
      },
      {
        ...of,
        ...{ method: "POST", path: `${one}/respond`, body: z.object({}), answers: {} },
        summary: `Respond to a HumanLayer ${kind.name}, which only people may`,
        handle: respond,
      },
    ];
  });
}
