/** One of several Holdpoints on one database: a process of its own that can be killed, stopped for a while, and read. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly job?: string;
}

export interface Replica {
  readonly url: string;
  readonly pid: number;
  /** What it logged so far. */
  readonly log: readonly LogLine[];
  /** Resolves with the first line of the log that fits; throws when there is none in time. */
  says(fits: (line: LogLine) => boolean, what: string, withinMs: number): Promise<LogLine>;
  signal(signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  isDead(): boolean;
  /** Lets it end as an operator does. */
  stop(): Promise<void>;
}

/** @throws with its error output when it ends before it is ready */
export async function startReplica(env: Readonly<Record<string, string>>): Promise<Replica> {
  const child = spawn(process.execPath, ["bin/holdpoint.js", "serve"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env, PORT: "0", LOG_LEVEL: "info" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const log: LogLine[] = [];
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    said.push(line);
    if (line.startsWith("{")) log.push(JSON.parse(line));
  });
  const death = once(child, "close");
  const ready = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, url] = / ready (http\S+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const url = await Promise.race([ready, death.then(() => undefined)]);
  if (url === undefined) throw new Error(`Holdpoint did not start: ${said.join("\n")}`);
  const isDead = () => child.exitCode !== null || child.signalCode !== null;

  return {
    ...{ url, log, isDead, pid: child.pid ?? 0 },
    async says(fits, what, withinMs) {
      const until = performance.now() + withinMs;
      for (;;) {
        const line = log.find(fits);
        if (line) return line;
        if (performance.now() > until) throw new Error(`${url} did not say within ${withinMs} ms: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    signal: (signal) => void child.kill(signal),
    async stop() {
      if (isDead()) return;
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      await death;
    },
  };
}
