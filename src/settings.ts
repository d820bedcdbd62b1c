/** holdpoint.yaml: the people and the agents they answer for, with every problem in words. */
import { loadAll, YAMLException } from "js-yaml";
import { z } from "zod";
import {
  type AgentSettings,
  agentSchema,
  channel as channelSchema,
  peopleNamedIn,
  SIX_PARTS,
} from "./domain/charter/charter.ts";
import type { PersonId } from "./domain/ids.ts";
import type { Person, Role } from "./domain/people.ts";
import { reviewProblems } from "./domain/review/review-schedule.ts";
import { readCron } from "./schedule/cron.ts";

/** With no people configured, whoever runs Holdpoint owns what it watches: named in decisions as "Operator". */
export const OPERATOR: Person = {
  id: "operator" as PersonId,
  name: "Operator",
  accounts: {},
  roles: ["admin"],
};

/** Each use of an anchor is read again: a short file could otherwise mean gigabytes. */
const MOST_ALIASES = 100;

export interface Settings {
  readonly people: readonly Person[];
  readonly agents: readonly AgentSettings[];
  /** `slack:C0123456789`: where operators are told of alarms. */
  readonly operators: string | null;
  readonly problems: readonly string[];
}

/** The people and agents of one holdpoint.yaml, with every problem in words: `holdpoint charter check` and the start use it. */
export function checkSettings(text: string): Settings {
  const refused = (problems: readonly string[]) => ({ people: [], agents: [], operators: null, problems });
  const read = readYaml(text);
  if ("problem" in read) return refused([read.problem]);
  const parsed = settingsSchema.safeParse(read.content);
  if (!parsed.success) return refused(parsed.error.issues.map(settingsIssue));
  const people = parsed.data.people.map(toPerson);
  return {
    people,
    agents: parsed.data.agents,
    operators: parsed.data.operators ?? null,
    problems: [
      ...twice(people),
      ...twiceAgents(parsed.data.agents),
      ...strangers(people, parsed.data.agents),
      ...unreadable(parsed.data.agents),
    ],
  };
}

/** What the file says; an empty one says nothing. The problem names line and column, and shows the place. */
function readYaml(text: string): { readonly content: unknown } | { readonly problem: string } {
  try {
    const [content, ...more] = loadAll(text, { maxAliases: MOST_ALIASES });
    return more.length > 0
      ? { problem: "this is more than one YAML document: everything belongs in one, so remove the line ---" }
      : { content: content ?? {} };
  } catch (error) {
    if (error instanceof YAMLException) return { problem: error.message.trim() };
    throw error;
  }
}

const accountSchema = z.string().trim().min(1).max(200);

const settingsSchema = z.strictObject({
  people: z
    .array(
      z.strictObject({
        id: z
          .string()
          .regex(/^[a-z0-9][a-z0-9_.-]{0,62}$/i, "letters, digits, dots and hyphens, such as sarah")
          .refine((id) => id !== "rep", "rep means the rep of a request in every charter: choose another id"),
        name: z.string().trim().min(1).max(100),
        email: z.email().optional(),
        slack: accountSchema
          .regex(/^[UW][A-Z0-9]{2,}$/, "a Slack member id such as U012ABCDEF (profile → ⋮ → Copy member ID)")
          .optional(),
        teams: accountSchema
          .regex(/^[0-9a-f-]{36}$/i, "a Microsoft Entra object id (a UUID)")
          .toLowerCase()
          .optional(),
        roles: z.array(z.enum(["admin", "auditor"])).default([]),
      }),
    )
    .default([]),
  agents: z.array(agentSchema).default([]),
  /** Where whoever runs Holdpoint is told what is wrong with it. */
  operators: channelSchema.optional(),
});

function toPerson(row: z.output<typeof settingsSchema>["people"][number]): Person {
  const accounts = Object.fromEntries(
    (["slack", "teams"] as const).flatMap((platform) => (row[platform] ? [[platform, row[platform]]] : [])),
  );
  return {
    id: row.id as PersonId,
    name: row.name,
    ...(row.email ? { email: row.email } : {}),
    accounts,
    roles: row.roles as Role[],
  };
}

/** One problem of the file, by the path a person would look for, with missing parts of a charter named. */
function settingsIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join(".") || "the file";
  const part = issue.path.at(-1);
  const missing = issue.code === "invalid_type" && issue.input === undefined;
  if (issue.path.at(-2) === "charter" && SIX_PARTS.includes(part as (typeof SIX_PARTS)[number]) && missing) {
    return `${path} is missing: a charter has six parts (${SIX_PARTS.join(", ")}).`;
  }
  return `${path}: ${issue.message}.`;
}

function twice(people: readonly Person[]): string[] {
  const seen = new Map<string, string>();
  return people.flatMap((person) =>
    [
      `the id ${person.id}`,
      ...(person.email
        ? [`the mail address of ${person.id}, ${person.email.toLowerCase()}`.replace(` of ${person.id},`, "")]
        : []),
      ...Object.entries(person.accounts).map(([platform, account]) => `the ${platform} account ${account}`),
    ].flatMap((mark) => {
      const other = seen.get(mark);
      seen.set(mark, person.id);
      return other === undefined
        ? []
        : [`people: ${mark} stands twice (${other}, ${person.id}): a decision must have one name.`];
    }),
  );
}

function twiceAgents(agents: readonly AgentSettings[]): string[] {
  const ids = agents.map((agent) => agent.id);
  return ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `agents: the id ${id} stands twice.`);
}

function strangers(people: readonly Person[], agents: readonly AgentSettings[]): string[] {
  const known = new Set<string>((people.length > 0 ? people : [OPERATOR]).map((person) => person.id));
  return agents.flatMap((agent) =>
    peopleNamedIn(agent.charter)
      .filter(({ id }) => !known.has(id))
      .map(
        ({ id, pointer }) =>
          `agents.${agent.id}${pointer.replaceAll("/", ".")}: nobody in the people list has the id ${id}.`,
      ),
  );
}

function unreadable(agents: readonly AgentSettings[]): string[] {
  return agents.flatMap(({ id, charter }) =>
    reviewProblems(charter, readCron).map(
      ({ pointer, detail }) => `agents.${id}.charter${pointer.replaceAll("/", ".")}: ${detail}.`,
    ),
  );
}
