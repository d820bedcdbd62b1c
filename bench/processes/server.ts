/** A server in a process of its own: started pinned, watched from outside, and ended gently or not. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { nodeOn, type Role } from "./cores.ts";

export interface ServerProcess {
  readonly url: string;
  /** Milliseconds from the start of the process to its line that it is ready. */
  readonly readyMs: number;
  /** Seconds of CPU used so far, in user and kernel mode. */
  cpuSeconds(): number;
  /** Resident memory in MB. */
  rssMb(): number;
  /** Resolves once the process has had nothing to do for a while, with the seconds until then. */
  idle(): Promise<number>;
  stop(): Promise<void>;
  /** SIGKILL: what a power cut is to the process, though not to the disk. */
  kill(): Promise<void>;
}

/** Linux counts CPU time in hundredths of a second (`getconf CLK_TCK`). */
const TICKS = 100;
/** Between two looks at whether a server is idle. */
const LOOK_MS = 100;
const READY_WITHIN_MS = 30_000;

/** Runs a script that prints a line ending in `ready <url>`. */
export async function startServer(
  args: readonly string[],
  {
    env = {},
    cwd,
    role = "server",
  }: { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string; readonly role?: Role } = {},
): Promise<ServerProcess> {
  const [command, all] = nodeOn(role, args);
  const began = performance.now();
  const child = spawn(command, all, {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    ...(cwd === undefined ? {} : { cwd }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  alive.add(child);
  child.once("exit", () => alive.delete(child));
  const errors: string[] = [];
  child.stderr?.on("data", (data) => {
    if (errors.push(String(data)) > 200) errors.shift();
  });
  const url = await ready(child, errors);
  const readyMs = performance.now() - began;
  const pid = child.pid ?? 0;

  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    url,
    readyMs,
    cpuSeconds: () => cpuSeconds(pid),
    rssMb: () => rssMb(pid),
    async idle() {
      const from = performance.now();
      // Two looks in a row that find one tick at most: timers and garbage, no work.
      for (let before = cpuSeconds(pid), quiet = 0; quiet < 2; ) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        const now = cpuSeconds(pid);
        quiet = now - before <= 1.5 / TICKS ? quiet + 1 : 0;
        before = now;
      }
      return Math.max(0, performance.now() - from - 2 * LOOK_MS) / 1_000;
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

const alive = new Set<ChildProcess>();
/** Nothing outlives the bench, however it ends. */
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});

async function ready(child: ChildProcess, errors: readonly string[]): Promise<string> {
  const { stdout } = child;
  if (!stdout) throw new Error("the server has no standard output");
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (why: string) => reject(new Error(`${why}\n${errors.join("")}`));
  const late = setTimeout(() => fail("the server was not ready in time"), READY_WITHIN_MS);
  child.once("error", reject);
  child.once("exit", (code) => fail(`the server ended with ${code} before it was ready`));
  createInterface({ input: stdout }).on("line", (line) => {
    const [, url] = /ready (http\S+)$/.exec(line) ?? [];
    if (url) resolve(url);
  });
  return promise.finally(() => clearTimeout(late));
}

/** Fields 14 and 15 of proc(5)'s stat, counted after the name, which may hold spaces. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function rssMb(pid: number): number {
  const [, kilobytes] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
