/** Holdpoint as a process of its own on a database file, that can be told to die at a certain boundary. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Boundary, Order } from "./preload.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PRELOAD = fileURLToPath(new URL("preload.ts", import.meta.url));

export interface MortalHoldpoint {
  readonly url: string;
  /** From now on boundaries count, and the process dies at this one. */
  arm(boundary: Boundary): Promise<void>;
  /** The boundaries passed since it was armed, told once it is quiet; undefined when it died meanwhile. */
  quiet(): Promise<readonly string[] | undefined>;
  isDead(): boolean;
  /** Resolves with its last words. */
  readonly death: Promise<string>;
  /** Lets it end as an operator does. */
  stop(): Promise<void>;
}

/** @throws with its error output when it ends before it is ready */
export async function startMortal(
  env: Readonly<Record<string, string>>,
  aheadMs: number,
): Promise<MortalHoldpoint> {
  const child = spawn(process.execPath, ["--import", PRELOAD, "bin/holdpoint.js", "serve"], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env, CRASH_CLOCK_AHEAD_MS: String(aheadMs), LOG_LEVEL: "silent" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let said = "";
  child.stderr?.on("data", (data: Buffer) => {
    said += data.toString();
  });
  const death = once(child, "close").then(() => said);
  const url = await Promise.race([readyLine(child), death.then(() => undefined)]);
  if (url === undefined) throw new Error(`Holdpoint did not start: ${said}`);

  const order = async <Answer>(what: Order): Promise<Answer | undefined> => {
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    const answer = once(child, "message").then(([message]) => message as Answer);
    child.send(what, () => undefined);
    return Promise.race([answer, death.then(() => undefined)]);
  };
  return {
    url,
    death,
    arm: async (boundary) => void (await order({ arm: boundary })),
    quiet: async () => (await order<{ readonly passed: readonly string[] }>({ quiet: 40 }))?.passed,
    isDead: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      child.kill("SIGTERM");
      await death;
    },
  };
}

async function readyLine(child: ChildProcess): Promise<string | undefined> {
  if (!child.stdout) return undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    const [, url] = / ready (http\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  return undefined;
}
