/** Fills a database with many escalations by SQL: copies of a real one, with ids of their own, for agents in turn. */
import Database from "better-sqlite3";
import { press, signIn } from "../load/console.ts";
import { escalation } from "../load/escalation.ts";
import type { Fleet } from "./fleet.ts";
import { startServer } from "./server.ts";

/**
 * Where an escalation leaves rows. The audit trail is not among them: it is a chain of hashes, which SQL can't make, and an
 * accept reads only its last line.
 */
const TABLES = ["escalations", "decisions", "approvals", "holds", "copies", "callbacks", "jobs"];
/** Ids of Holdpoint: a kind and a ULID. */
const ID = /\b([a-z]+)_[0-9A-HJKMNP-TV-Z]{26}\b/g;
/** Rows of one statement. */
const TOGETHER = 20_000;
/** Those that are settled lie in the past, evenly over half a year. */
const HISTORY_MS = 26 * 7 * 86_400_000;

/**
 * Raises one through the server, has it approved where they are to be decided, lets its jobs run, and copies its rows. The
 * server must not be running. Agents of the fleet take turns, so that none has more open than an agent may.
 */
export async function seed(fleet: Fleet, count: number, kind: "open" | "decided"): Promise<void> {
  const original = await raiseOne(fleet, kind);
  const agent = fleet.credentials[0]?.agent ?? "";
  const database = new Database(fleet.database);
  // Nothing is promised while it is filled; what is measured opens it anew.
  database.pragma("synchronous = OFF");
  const rows = rowsAbout(database, original);
  const ids = [...new Set(JSON.stringify(rows).match(ID) ?? [])];
  const step = kind === "decided" ? Math.floor(HISTORY_MS / count) : 0;
  for (let from = 1; from <= count; from += TOGETHER) {
    const to = Math.min(count, from + TOGETHER - 1);
    database.transaction(() => {
      for (const { table, row } of rows) {
        const columns = Object.keys(row).map((name) => `"${name}"`);
        const given: (string | number | null)[] = [];
        const values = Object.entries(row).map(([name, value]) => {
          given.push(value);
          return changed(name, value, { ids, agent, agents: fleet.credentials.length, count, step });
        });
        database
          .prepare(
            `with recursive n(i) as (select ${from} union all select i + 1 from n where i < ${to})
             insert into ${table} (${columns.join(", ")}) select ${values.join(", ")} from n`,
          )
          .run(...given);
      }
    })();
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
}

interface Changing {
  readonly ids: readonly string[];
  readonly agent: string;
  readonly agents: number;
  readonly count: number;
  /** Milliseconds between two of them. */
  readonly step: number;
}

/** A column of the i-th copy: ids are its own, older than any that is made from now on; instants lie one step apart. */
function changed(name: string, value: unknown, { ids, agent, agents, count, step }: Changing): string {
  if (typeof value === "number")
    return step > 0 && name.endsWith("_at") ? `? - (${count} - i) * ${step}` : "?";
  if (typeof value !== "string") return "?";
  let expression = "?";
  for (const [slot, id] of ids.entries()) {
    if (!value.includes(id)) continue;
    const kind = id.slice(0, id.indexOf("_"));
    expression = `replace(${expression}, '${id}', printf('${kind}_00%022d%02d', i, ${slot}))`;
  }
  if (!value.includes(agent)) return expression;
  return `replace(${expression}, '${agent}', printf('bench-%04d', 1 + (i - 1) % ${agents}))`;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Every row that names it, or one of those rows, such as the job that draws its card. */
function rowsAbout(database: Database.Database, id: string): readonly { table: string; row: Row }[] {
  const all = TABLES.flatMap((table) =>
    database
      .prepare<[], Row>(`select * from ${table}`)
      .all()
      .map((row) => ({ table, row })),
  );
  const names = new Set([id]);
  const isAbout = ({ row }: { readonly row: Row }) =>
    [...names].some((name) => JSON.stringify(row).includes(name));
  for (const { row } of all.filter(isAbout)) if (typeof row.id === "string") names.add(row.id);
  return all.filter(isAbout);
}

async function raiseOne(fleet: Fleet, kind: "open" | "decided"): Promise<string> {
  const server = await startServer(fleet.serve.args, fleet.serve);
  try {
    const [first] = fleet.credentials;
    if (first === undefined) throw new Error("the fleet has no agents");
    const answer = await fetch(`${server.url}/v1/escalations`, {
      method: "POST",
      headers: { authorization: `Bearer ${first.key}`, "content-type": "application/json" },
      body: JSON.stringify(escalation(first.agent)),
    });
    const raised = (await answer.json()) as { readonly id: string; readonly action_digest: string | null };
    await server.idle();
    if (kind === "decided") {
      await press(server.url, await signIn(server.url, fleet.signInPaths[0] ?? ""), fleet.approval(raised));
      await server.idle();
    }
    return raised.id;
  } finally {
    await server.stop();
  }
}
