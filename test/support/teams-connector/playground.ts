/** Microsoft's Agents Playground as a process of its own: run through npx, never installed with us. */
import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "../../../src/free-port.ts";

/** Its licence lets us run it, not ship it. */
export const PLAYGROUND = "@microsoft/m365agentsplayground@0.2.28";

export interface Playground {
  readonly url: string;
  close(): void;
}

/** Undefined where it can't be had: it is fetched once, and kept by npm from then on. */
export async function startPlayground(endpoint: string, withinMs = 60_000): Promise<Playground | undefined> {
  const port = await freePort("127.0.0.1");
  const args = [
    "--prefer-offline",
    "-y",
    PLAYGROUND,
    "start",
    "-e",
    endpoint,
    "-c",
    "msteams",
    "-p",
    String(port),
    "--dt",
  ];
  const child = spawn("npx", args, { detached: true, stdio: ["ignore", "pipe", "ignore"] });
  const isUp = await listening(child, withinMs);
  const close = () => {
    // npx starts it as a child of its own: the whole group goes.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid);
  };
  if (isUp) return { url: `http://localhost:${port}`, close };
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
