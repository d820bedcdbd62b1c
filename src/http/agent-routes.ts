/** Administration of agents: their charters, their keys, and the holds an administrator places on them. */
import { z } from "zod";
import { agentId, agentSchema } from "../domain/charter/charter.ts";
import { parseScope } from "../domain/hold.ts";
import type { HoldId } from "../domain/ids.ts";
import { duration } from "../domain/time/time.ts";
import { agentView, agentViewInFull } from "./agent-view.ts";
import { json } from "./answer.ts";
import { agentInFull, agentList, anything, issuedKey } from "./answer-schemas.ts";
import type { HttpDoor } from "./door.ts";
import { type Endpoint, endpoint, NO_BODY, NO_QUERY } from "./endpoint.ts";
import { invalid, notFound, refused } from "./problem.ts";
import { agentIn, plainIdIn } from "./query.ts";

/** The id stands in the path; in the body it may be repeated, so that a file can be sent as it is. */
const settingsSchema = z.strictObject({ ...agentSchema.shape, id: agentId.optional() });

const holdSchema = z.strictObject({
  scope: z
    .string()
    .max(300)
    .refine(
      (word) => parseScope(word) !== undefined,
      "agent, fleet, subject:<type>:<id>, capability:<action> or action:sha256:<digest>",
    )
    .optional(),
  reason: z
    .string()
    .max(2_000)
    .refine((value) => value.trim() !== "", "say why: this is blank"),
  for: duration.optional(),
});

export function agentEndpoints(door: HttpDoor): readonly Endpoint[] {
  const { useCases, store, holds } = door;

  async function inFull(id: ReturnType<typeof agentIn>) {
    const agent = await store.agents.find(id);
    if (!agent) throw notFound("such agent");
    const [versions, keys] = await Promise.all([store.agents.charterVersions(id), store.keys.of(id)]);
    return agentViewInFull(agent, { holds: holds.of(id).holds, versions, keys });
  }

  const admin = { who: "admin", query: NO_QUERY, body: NO_BODY, keepsAnswers: false } as const;
  return [
    endpoint({
      ...admin,
      method: "GET",
      path: "/v1/agents",
      summary: "List agents",
      answers: { 200: { says: "All agents, without their charters.", schema: agentList } },
      async handle() {
        const agents = await store.agents.all();
        return json(200, { agents: agents.map((agent) => agentView(agent, holds.of(agent.id).holds)) });
      },
    }),
    endpoint({
      ...admin,
      method: "GET",
      path: "/v1/agents/{agent}",
      summary: "Read an agent and its charter",
      answers: { 200: { says: "The agent, its charter and the ids of its keys.", schema: agentInFull } },
      handle: async ({ params }) => json(200, await inFull(agentIn(params))),
    }),
    endpoint({
      ...admin,
      method: "PUT",
      path: "/v1/agents/{agent}",
      summary: "Put a charter in force",
      body: settingsSchema,
      answers: {
        200: { says: "A new version is in force, or nothing was different.", schema: agentInFull },
        201: { says: "The agent is new.", schema: agentInFull },
      },
      async handle({ caller, params, body }) {
        const id = agentId.safeParse(params.agent);
        if (!id.success)
          throw invalid([
            {
              pointer: "/id",
              detail:
                "The id in the path cannot name an agent: lower-case letters, digits and hyphens, and not all, admin or fleet.",
            },
          ]);
        if (body.id !== undefined && body.id !== id.data) {
          throw invalid([
            {
              pointer: "/id",
              detail: "This is not the id in the path: make them the same, or leave this out.",
            },
          ]);
        }
        const url = body.callback_url === undefined ? null : door.checkCallbackUrl(body.callback_url);
        if (url !== null) throw invalid([{ pointer: "/callback_url", detail: url }]);
        const applied = await useCases.applyCharter({ settings: { ...body, id: id.data }, by: caller.by });
        if (!applied.ok) throw refused(applied.no);
        return json(applied.value.created ? 201 : 200, await inFull(applied.value.agent.id));
      },
    }),
    endpoint({
      ...admin,
      method: "POST",
      path: "/v1/agents/{agent}/keys",
      summary: "Issue a key",
      answers: { 201: { says: "The key and its signing secret.", schema: issuedKey } },
      async handle({ caller, params }) {
        const issued = await useCases.issueKey({ agent: agentIn(params), by: caller.by });
        if (!issued.ok) throw refused(issued.no);
        return json(201, issued.value);
      },
    }),
    endpoint({
      ...admin,
      method: "DELETE",
      path: "/v1/agents/{agent}/keys/{id}",
      summary: "Revoke a key",
      answers: { 200: { says: "It opens nothing any more.", schema: anything } },
      async handle({ caller, params }) {
        const id = plainIdIn(params, "such key");
        const revoked = await useCases.revokeKey({ agent: agentIn(params), id, by: caller.by });
        if (!revoked.ok) throw refused(revoked.no);
        return json(200, revoked.value);
      },
    }),
    endpoint({
      ...admin,
      method: "POST",
      path: "/v1/agents/{agent}/holds",
      summary: "Place a hold",
      body: holdSchema,
      answers: {
        201: { says: "It holds from now on. `all` as the agent stops the fleet.", schema: anything },
      },
      async handle({ caller, params, body }) {
        const placed = await useCases.placeHold({ agent: agentIn(params), ...body, by: caller.by });
        if (!placed.ok) throw refused(placed.no);
        return json(201, placed.value.body);
      },
    }),
    endpoint({
      ...admin,
      method: "DELETE",
      path: "/v1/agents/{agent}/holds/{id}",
      summary: "Release a hold",
      answers: { 200: { says: "It holds no more.", schema: anything } },
      async handle({ caller, params }) {
        const id = plainIdIn(params, "such active hold") as HoldId;
        const released = await useCases.releaseHold({ agent: agentIn(params), id, by: caller.by });
        if (!released.ok) throw refused(released.no);
        return json(200, released.value.body);
      },
    }),
  ];
}
