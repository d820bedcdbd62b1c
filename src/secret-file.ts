/** The installation's secret when none is configured: made at the first start and kept beside the database, for its user alone. */
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
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
    make(file);
  }
  chmodSync(file, 0o600);
  const secret = Buffer.from(readFileSync(file, "utf8").trim(), "base64");
  if (secret.length < 32)
    throw new Error(
      `${file} does not hold 32 bytes in base64: restore it from a backup, or set HOLDPOINT_SECRET`,
    );
  return secret;
}

/** On the disk before its name is: what is sealed with it would be lost with it in a power cut. */
function make(file: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flush: true });
  try {
    // Of two processes that start at once, one gives the name and the other reads its file.
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    unlinkSync(draft);
  }
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
}
