/** Microsoft's Agents Playground as a process of its own: run through npx, never installed with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../../src/free-port.ts";

/** Its licence lets us run it, not ship it. */
export const PLAYGROUND = "@microsoft/m365agentsplayground@0.2.28";

export interface Playground {
  readonly url: string;
  close(): void;
}

export interface PlaygroundOptions {
  /** Where it sends what happens. */
  readonly endpoint: string;
  /** Who sits there, and what is around them (`Bridge.settings`). */
  readonly settings: object;
  readonly withinMs?: number;
}

/** Undefined where it can't be had: it is fetched once, and kept by npm from then on. */
export async function startPlayground(options: PlaygroundOptions): Promise<Playground | undefined> {
  const port = await freePort("127.0.0.1");
  // It writes its log where it is started.
  const folder = mkdtempSync(join(tmpdir(), "holdpoint-playground-"));
  const settings = join(folder, "settings.yml");
  writeFileSync(settings, JSON.stringify(options.settings));
  const args = ["--prefer-offline", "-y", PLAYGROUND, "start", "-e", options.endpoint];
  const child = spawn("npx", [...args, "-c", "msteams", "-p", String(port), "--dt"], {
    cwd: folder,
    env: { ...process.env, M365_AGENTS_PLAYGROUND_CONFIG_PATH: settings },
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const close = () => {
    // npx starts it as a child of its own: the whole group goes.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  if (await listening(child, options.withinMs ?? 60_000)) return { url: `http://localhost:${port}`, close };
  close();
  return undefined;
}

function listening(child: ChildProcess, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), withinMs);
    const end = (isUp: boolean) => {
      clearTimeout(timer);
      resolve(isUp);
    };
    child.stdout?.on("data", (bytes: Buffer) => {
      if (bytes.toString("utf8").includes("Listening")) end(true);
    });
    child.once("error", () => end(false));
    child.once("exit", () => end(false));
  });
}
