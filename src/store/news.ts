/** News for replicas elsewhere: what a step changed, and how the news of several steps travel in one message. */
import { topicsOf } from "../application/changes.ts";
import type { News } from "../application/ports.ts";
import type { AgentId } from "../domain/ids.ts";
import type { Step } from "../domain/step.ts";

/** In an administrator's key, where other keys have their agent. */
const ADMIN = "admin";

/** Undefined for a step that concerns nobody elsewhere. */
export function newsOf(step: Step): News | undefined {
  const topics = topicsOf(step);
  const holds = [...new Set((step.holds ?? []).map(({ hold }) => hold.agent))];
  const agents = [
    ...(step.agent ? [step.agent.after.id] : []),
    ...new Set((step.keys ?? []).map((key) => key.agent ?? ADMIN)),
  ];
  const due = step.jobs?.length ? Math.min(...step.jobs.map((job) => job.at)) : null;
  return topics.length + holds.length + agents.length === 0 && due === null
    ? undefined
    : { topics, holds, agents, due };
}

/**
 * The news as few messages, none longer than `limit` bytes: Postgres takes less than 8,000
 * (https://www.postgresql.org/docs/current/sql-notify.html).
 */
export function messages(from: string, all: readonly News[], limit = 7_900): readonly string[] {
  const empty = Buffer.byteLength(write(from, join([])));
  const packs: News[][] = [];
  let room = 0;
  for (const news of all) {
    // Three commas more, at most: what several have in common stands there once.
    const size = Buffer.byteLength(write(from, news)) - empty + 3;
    if (size > room) {
      packs.push([]);
      room = limit - empty;
    }
    packs.at(-1)?.push(news);
    room -= size;
  }
  const texts = packs.map((pack) => write(from, join(pack)));
  return texts.map((text) => (Buffer.byteLength(text) > limit ? write(from, "anything") : text));
}

/** Who sent the message, and what it says. What this build can't read may mean anything. */
export function readMessage(text: string): { readonly from: string; readonly news: News | "anything" } {
  try {
    const { from, news } = JSON.parse(text) as { readonly from: string; readonly news: News | "anything" };
    const { topics, holds, agents } = news as News;
    if ([topics, holds, agents].every(Array.isArray)) return { from, news };
    return { from, news: "anything" };
  } catch {
    return { from: "", news: "anything" };
  }
}

function write(from: string, news: News | "anything"): string {
  return JSON.stringify({ from, news });
}

function join(all: readonly News[]): News {
  const every = <Item>(pick: (news: News) => readonly Item[]) => [...new Set(all.flatMap(pick))];
  const dues = all.flatMap(({ due }) => due ?? []);
  return {
    topics: every((news) => news.topics),
    holds: every<AgentId>((news) => news.holds),
    agents: every((news) => news.agents),
    due: dues.length > 0 ? Math.min(...dues) : null,
  };
}
