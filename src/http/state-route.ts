/** May I act? Asked before every action, so it is answered from memory, and mostly with a text made before. */
import { z } from "zod";
import type { Agent } from "../domain/agent.ts";
import { covers, type Want } from "../domain/hold.ts";
import type { AgentId } from "../domain/ids.ts";
import { FLEET } from "../domain/ids.ts";
import { holdView } from "../domain/views.ts";
import { type Answer, json, replied } from "./answer.ts";
import { acknowledged, agentState } from "./answer-schemas.ts";
import type { HttpDoor } from "./door.ts";
import { type Endpoint, endpoint, NO_QUERY } from "./endpoint.ts";
import type { LongPolls } from "./long-poll.ts";
import { refused } from "./problem.ts";
import { waitSeconds } from "./query.ts";

const question = z.strictObject({
  /** `contact:123` */
  subject: z
    .string()
    .regex(/^[^:]{1,60}:.{1,200}$/su, "a subject's type and id, such as contact:123")
    .optional(),
  /** The name of an action. */
  capability: z.string().min(1).max(100).optional(),
  action: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "an action's digest: sha256: and 64 hexadecimal digits")
    .optional(),
  wait: waitSeconds,
});

interface Prepared {
  readonly version: number;
  readonly etag: string;
  /** The whole answer to the question that names nothing in particular. */
  readonly answer: Answer;
}

export function stateEndpoints(door: HttpDoor, polls: LongPolls): readonly Endpoint[] {
  const prepared = new Map<AgentId, Prepared>();

  /** Agents are never deleted, so what is kept for each stays bounded by how many there are. */
  function prepare(agent: AgentId): Prepared {
    const { version } = door.holds.of(agent);
    const known = prepared.get(agent);
    if (known?.version === version) return known;
    const etag = `"v${version}"`;
    const made = { version, etag, answer: replied(200, stateText(door, agent, {}), headers(etag)) };
    prepared.set(agent, made);
    return made;
  }

  /** `unless`: the version the agent has already, as it sent it. */
  function answer(agent: AgentId, want: Want, unless: string | undefined): Answer {
    const { etag, answer } = prepare(agent);
    if (unless !== undefined && matches(unless, etag)) return { ...answer, status: 304, body: "" };
    return isGeneral(want) ? answer : replied(200, stateText(door, agent, want), headers(etag));
  }

  return [
    endpoint({
      method: "GET",
      path: "/v1/state",
      who: "agent",
      summary: "Ask whether the agent may act",
      query: question,
      body: NO_QUERY,
      keepsAnswers: false,
      answers: {
        200: { says: "What holds the agent, and the version of its state as `ETag`.", schema: agentState },
        304: { says: "Nothing has changed since the version in `If-None-Match`.", schema: null },
      },
      handle({ caller, query: { wait, ...want }, ifNoneMatch, gone }) {
        const { id } = caller.agent;
        if (wait === 0) return answer(id, want, ifNoneMatch);
        // Without a version to compare with, it is the one of this moment that is waited for to change.
        const known = ifNoneMatch ?? prepare(id).etag;
        const waiting = { seconds: wait, topics: [id, FLEET], gone: gone() };
        const changed = () => !matches(known, prepare(id).etag);
        return polls.until(waiting, () => answer(id, want, ifNoneMatch), changed);
      },
    }),
    endpoint({
      method: "POST",
      path: "/v1/state/ack",
      who: "agent",
      summary: "Confirm that the agent has stopped",
      query: NO_QUERY,
      body: z.strictObject({ version: z.int().min(0) }),
      keepsAnswers: false,
      answers: { 200: { says: "What was confirmed by it.", schema: acknowledged } },
      async handle({ caller, body }) {
        const done = await door.useCases.acknowledgeState({ agent: caller.agent, version: body.version });
        if (!done.ok) throw refused(done.no);
        return json(200, done.value.body);
      },
    }),
  ];
}

function headers(etag: string): Readonly<Record<string, string>> {
  // An agent may keep it, and has to ask each time whether it still holds.
  return { etag, "cache-control": "private, no-cache" };
}

function isGeneral({ subject, capability, action }: Want): boolean {
  return subject === undefined && capability === undefined && action === undefined;
}

function stateText(door: Pick<HttpDoor, "holds">, agent: Agent["id"], want: Want): string {
  const { holds, version } = door.holds.of(agent);
  const covering = holds.filter((hold) => covers(hold, want));
  return JSON.stringify({
    agent,
    state: covering.length > 0 ? "held" : "running",
    holds: covering.map(holdView),
    narrower: holds.length - covering.length,
    version,
  });
}

/** RFC 9110, 13.1.2: a list of tags, compared weakly; `*` means any. */
function matches(header: string, etag: string): boolean {
  if (header === etag) return true;
  return header.split(",").some((tag) => {
    const trimmed = tag.trim();
    return trimmed === "*" || trimmed.replace(/^W\//, "") === etag;
  });
}
