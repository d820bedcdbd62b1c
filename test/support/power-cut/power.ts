/** Power for a Holdpoint that can be cut: a journal of what it writes and syncs, and the files as the disk has them afterwards. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterPowerCut, type Entry, type Left } from "./disk.ts";

const SOURCE = fileURLToPath(new URL("unsynced.c", import.meta.url));
const HEAD = 32;

export interface Power {
  /** The environment of the next process. It dies at so many writes and syncs from its start; 0: never. */
  env(cutAt: number): Readonly<Record<string, string>>;
  /** After its death: makes the files what a disk would have. Tells how many changes had not been synced, and to what. */
  restore(left: Left, chance: () => number): { readonly unsynced: number; readonly checkpoints: number };
}

/** Why there is no power to cut on this machine; undefined where there is. */
export function whyNoPower(): string | undefined {
  if (process.platform !== "linux") return "it needs Linux, where a library can be loaded before Node";
  try {
    execFileSync("gcc", ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return "it needs gcc, which compiles the few lines that stand between Node and the disk";
  }
}

/** @param folder holds the files that count, and is theirs alone; what else is needed lies in `beside`. */
export function powerFor(folder: string, beside: string): Power {
  const library = join(beside, "unsynced.so");
  const journal = join(beside, "journal");
  execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"]);
  let before = filesIn(folder);

  return {
    env(cutAt) {
      before = filesIn(folder);
      rmSync(journal, { force: true });
      return {
        LD_PRELOAD: library,
        POWER_CUT_FOLDER: folder,
        POWER_CUT_JOURNAL: journal,
        POWER_CUT_AT: String(cutAt),
      };
    },
    restore(left, chance) {
      const entries = existsSync(journal) ? [...entriesOf(readFileSync(journal))] : [];
      const { files, unsynced } = afterPowerCut(before, entries, left, chance);
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      for (const [path, bytes] of files) writeFileSync(path, bytes, { mode: 0o600 });
      const checkpoints = entries.filter(({ kind, path }) => kind === "sync" && path.endsWith(".db"));
      return { unsynced, checkpoints: checkpoints.length };
    },
  };
}

/** But for SQLite's shared memory, which no disk keeps. */
function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const names = readdirSync(folder).filter((name) => !name.endsWith("-shm"));
  return new Map(names.map((name) => [join(folder, name), readFileSync(join(folder, name))]));
}

/** As unsynced.c writes them. The last may have been cut off by the death. */
function* entriesOf(journal: Buffer): Generator<Entry> {
  for (let at = 0; at + HEAD <= journal.length; ) {
    const [kind = 0, pathLength = 0, offset = 0, length = 0] = [0, 8, 16, 24].map((field) =>
      Number(journal.readBigUInt64LE(at + field)),
    );
    const pathEnd = at + HEAD + pathLength;
    const end = pathEnd + length;
    if (end > journal.length) return;
    const path = journal.toString("utf8", at + HEAD, pathEnd);
    yield entryOf(String.fromCharCode(kind), path, offset, journal.subarray(pathEnd, end));
    at = end;
  }
}

function entryOf(kind: string, path: string, offset: number, bytes: Buffer): Entry {
  switch (kind) {
    case "w":
      return { kind: "write", path, at: offset, bytes };
    case "t":
      return { kind: "truncate", path, length: offset };
    case "s":
      return { kind: "sync", path };
    case "l":
      return { kind: "link", path, name: bytes.toString() };
    case "u":
      return { kind: "unlink", path };
    default:
      throw new Error(`the journal has an entry of an unknown kind: ${kind}`);
  }
}
