/** The SQLite file itself: where it may lie, who may read it, and the settings without which nothing is written to it. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import Database from "better-sqlite3";

export const IN_MEMORY = ":memory:";

/** How long a writer waits for another process, in milliseconds, before its save is refused. */
const BUSY_TIMEOUT = 5_000;

/** In bytes. A group of 64 accepted requests writes 75 such pages, or 170 of half the size: a fifth less time per commit. */
const PAGE_SIZE = 8_192;

/** SQLite's own value for `synchronous=FULL`. */
const FULL = 2;

/**
 * Magic numbers of file systems that live on another machine (statfs(2)): their locks can't be trusted, and a write-ahead
 * log needs shared memory that they do not have (https://sqlite.org/wal.html).
 */
const NETWORK_FILE_SYSTEMS: Readonly<Record<number, string>> = {
  26985: "NFS",
  20859: "SMB",
  4283649346: "CIFS",
  4266872130: "SMB 2",
  1397113167: "AFS",
  12805120: "Ceph",
  198183888: "Lustre",
  1196443219: "GPFS",
  1937076805: "Coda",
  22092: "NCP",
};

/** Opens or creates the file (0600, its folder 0700), and refuses one that could lose what it was told to keep. */
export function openFile(path: string, busyTimeout = BUSY_TIMEOUT): Database.Database {
  if (path !== IN_MEMORY) prepareFile(resolve(path));
  const database = new Database(path, { timeout: busyTimeout });
  try {
    configure(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
  return database;
}

/** Opens a file that is there, for somebody who only reads it. */
export function openToRead(path: string): Database.Database {
  return new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_TIMEOUT });
}

/** The name of the network file system a number stands for; undefined for a local one. */
export function networkFileSystem(type: number): string | undefined {
  // The kernel's field is signed on some machines.
  return NETWORK_FILE_SYSTEMS[type >>> 0];
}

function prepareFile(path: string): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const network = networkFileSystem(statfsSync(folder).type);
  if (network) {
    throw new Error(
      `${folder} lies on ${network}: SQLite can't keep its promises on a network file system. Move the database to a local disk, or use Postgres`,
    );
  }
  // SQLite gives its -wal and -shm files the mode of the database, so this one decides for all three.
  if (existsSync(path)) chmodSync(path, 0o600);
  else closeSync(openSync(path, "a", 0o600));
}

function configure(database: Database.Database, path: string): void {
  // Of a new file only. A request of 1.5 KB with its state fills more than half of SQLite's usual 4 KB, and so a page of its own.
  database.pragma(`page_size = ${PAGE_SIZE}`);
  const mode = database.pragma("journal_mode = WAL", { simple: true });
  if (path !== IN_MEMORY && mode !== "wal") {
    throw new Error(
      `${path} can't have a write-ahead log (journal_mode is ${String(mode)}): move it to a local disk`,
    );
  }
  // better-sqlite3 is compiled so that WAL alone means NORMAL, and then an answered request does not survive a power cut.
  database.pragma("synchronous = FULL");
  const synchronous = database.pragma("synchronous", { simple: true });
  if (synchronous !== FULL) {
    throw new Error(
      `${path}: synchronous is ${String(synchronous)} and must be ${FULL} (FULL), or what was acknowledged could be lost`,
    );
  }
  database.pragma("foreign_keys = ON");
}
