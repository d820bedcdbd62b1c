/** The files of examples/clients, and how each is started. */
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Run } from "../clients/scenario.ts";

export interface ClientFile {
  /** The file's name without its ending: its agent is called the same. */
  readonly name: string;
  /** Resolves with the word it answers; `missing` where this machine can't run it. */
  run(told: Run): Promise<string>;
}

const FOLDER = join(import.meta.dirname, "../clients");
const INTERPRETERS: Readonly<Record<string, string>> = { ".py": "python3", ".sh": "bash" };

/** Longer than the slowest scenario takes on a slow machine. */
const PATIENCE_MS = 60_000;

/** All of them, or those that are named. */
export function clientFiles(names: readonly string[]): readonly ClientFile[] {
  const all = readdirSync(FOLDER)
    .filter((file) => [".ts", ".py", ".sh"].includes(extname(file)) && file !== "scenario.ts")
    .toSorted()
    .map((file): ClientFile => {
      const path = join(FOLDER, file);
      const interpreter = INTERPRETERS[extname(file)];
      return {
        name: basename(file, extname(file)),
        run: (told) => inTime(interpreter ? spawned(interpreter, path, told) : imported(path, told)),
      };
    });
  const unknown = names.find((name) => !all.some((file) => file.name === name));
  if (unknown)
    throw new Error(`There is no client called ${unknown}: ${all.map(({ name }) => name).join(", ")}`);
  return names.length > 0 ? all.filter(({ name }) => names.includes(name)) : all;
}

async function imported(path: string, told: Run): Promise<string> {
  const file = (await import(pathToFileURL(path).href)) as { default(told: Run): Promise<string> };
  return file.default(told);
}

function spawned(interpreter: string, path: string, { url, key, scenario }: Run): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, HOLDPOINT_URL: url, HOLDPOINT_KEY: key, HOLDPOINT_SCENARIO: scenario };
    const child = spawn(interpreter, [path], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE_MS,
    });
    const [said, complained] = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString("utf8").trim();
    }) as [() => string, () => string];
    child.on("error", (error: NodeJS.ErrnoException) =>
      error.code === "ENOENT" ? resolve("missing") : reject(error),
    );
    child.on("close", (code) =>
      code === 0
        ? resolve(said().split("\n").at(-1) ?? "")
        : reject(new Error(`${basename(path)} ended with ${code}: ${complained() || said()}`)),
    );
  });
}

function inTime(word: Promise<string>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no word within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS);
  });
  return Promise.race([word, late]).finally(() => clearTimeout(timer));
}
