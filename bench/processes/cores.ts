/** One core for the server that is measured and another for the load, where the system lets us choose. */
import { execFileSync } from "node:child_process";

/** util-linux; where it is missing, everything runs wherever the system puts it. */
const TASKSET = "taskset";

export type Role = "server" | "load";

const cores = allowed();

/** The core a role runs on; undefined where processes can't be pinned, or there is only one core. */
export function coreOf(role: Role): number | undefined {
  const [server, load] = cores;
  if (server === undefined || load === undefined) return undefined;
  return role === "server" ? server : load;
}

/** The command that runs Node in a role, pinned where possible. `taskset` becomes Node: pid and pipes are Node's. */
export function nodeOn(
  role: Role,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  const core = coreOf(role);
  return core === undefined
    ? [process.execPath, args]
    : [TASKSET, ["-c", String(core), process.execPath, ...args]];
}

function allowed(): readonly number[] {
  try {
    const text = execFileSync(TASKSET, ["-cp", String(process.pid)], { encoding: "utf8" });
    return (text.split(": ")[1] ?? "").trim().split(",").flatMap(range);
  } catch {
    return [];
  }
}

/** `0-3` and `5`, as taskset writes them. */
function range(text: string): readonly number[] {
  const [first = Number.NaN, last = first] = text.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
