/** The installation's secret when none is configured: made at the first start and kept beside the database, for its user alone. */
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * 32 bytes from `holdpoint.secret` next to the SQLite file; a database in memory gets a secret that dies with it.
 * @throws when the file is there and is not a secret: a new one would make every sealed secret unreadable.
 */
export function secretBeside(databaseUrl: string): Buffer {
  const path = databaseUrl.replace(/^sqlite:/, "");
  if (path === ":memory:") return randomBytes(32);
  const file = join(dirname(path), "holdpoint.secret");
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      // "wx": of two processes that start at once, one makes the file and the other reads it.
      writeFileSync(file, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
  chmodSync(file, 0o600);
  const secret = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (secret.length < 32)
    throw new Error(
      `${file} does not hold 32 bytes in base64: restore it from a backup, or set HOLDPOINT_SECRET`,
    );
  return secret;
}
