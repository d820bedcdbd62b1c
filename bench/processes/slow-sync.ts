/** A slower disk for a server of the bench: a library loaded before Node, compiled where there is a compiler. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("slow-sync.c", import.meta.url));

/** Variables with which every sync of a server takes a millisecond more; undefined where nothing can be compiled. */
export function slowSync(folder: string): Readonly<Record<string, string>> | undefined {
  const library = join(folder, "slow-sync.so");
  try {
    execFileSync("gcc", ["-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], { stdio: "ignore" });
    return { LD_PRELOAD: library };
  } catch {
    return undefined;
  }
}
