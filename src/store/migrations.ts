/** Migrations: what lies in the folder, what a database says it has, and whether the two fit together. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Migration {
  readonly name: string;
  /** SHA-256 of the file's text, line endings aside: a checkout may change those. */
  readonly hash: string;
  readonly statements: readonly string[];
}

export type Applied = Pick<Migration, "name" | "hash">;

/** The folder of an engine's migrations: two levels up, from `src/store` and from `dist/store` alike. */
export function migrationsFolder(engine: string): string {
  return fileURLToPath(new URL(`../../migrations/${engine}`, import.meta.url));
}

/** All migrations of a folder, oldest first. drizzle-kit writes one folder each, its name begins with the time. */
export function readMigrations(folder: string): readonly Migration[] {
  if (!existsSync(folder)) {
    throw new Error(
      `the migrations are missing (${folder}): install the package again, with its migrations folder`,
    );
  }
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "migration.sql")))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name, "migration.sql"), "utf8").replaceAll("\r\n", "\n");
      const statements = text.split("--> statement-breakpoint").map((one) => one.trim());
      return { name, hash: createHash("sha256").update(text).digest("hex"), statements };
    });
}

/** What is still to be applied. Throws, in words for the operator, when the database's past is not this build's. */
export function pendingMigrations(
  database: string,
  known: readonly Migration[],
  applied: readonly Applied[],
): readonly Migration[] {
  for (const [at, past] of applied.entries()) {
    const expected = known[at];
    if (!expected) {
      throw new Error(
        `${database} was written by a newer Holdpoint: this build does not know its migration ${past.name}. Start the newer build, or restore the backup made before the upgrade`,
      );
    }
    if (expected.name !== past.name || expected.hash !== past.hash) {
      throw new Error(
        `${database} has another history than this build: it has applied ${past.name}, and this build expects ${expected.name}. Start the build that wrote it, or restore a backup`,
      );
    }
  }
  return known.slice(applied.length);
}
