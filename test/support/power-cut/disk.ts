/** A file as a disk has it: what was synced is there, and what was only written may be there, in part or not at all. */

/** Disks write sectors whole, or not at all; in which order is theirs. */
const SECTOR = 512;

export type Entry =
  | { readonly kind: "write"; readonly path: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: "truncate"; readonly path: string; readonly length: number }
  | { readonly kind: "link"; readonly path: string; readonly name: string }
  | { readonly kind: "sync" | "unlink"; readonly path: string };

type Change = Extract<Entry, { kind: "write" | "truncate" }>;

/**
 * What a power cut leaves of what was not synced. `first`: as many changes as the disk got round to, the last one in part.
 * `scattered`: any sectors of any of them.
 */
export type Left = "nothing" | "first" | "scattered";

export interface Loss {
  /** What every file holds. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Changes that were written and not synced. */
  readonly unsynced: number;
}

/** @param files what they held when the power came on. `chance` gives numbers in [0, 1). */
export function afterPowerCut(
  files: ReadonlyMap<string, Buffer>,
  journal: Iterable<Entry>,
  left: Left,
  chance: () => number,
): Loss {
  const disk = new Map([...files].map(([path, bytes]) => [path, fileOf(bytes)]));
  let pending: Change[] = [];
  const apply = (change: Change) => {
    const file = disk.get(change.path) ?? fileOf(Buffer.alloc(0));
    disk.set(change.path, file);
    if (change.kind === "truncate") file.truncate(change.length);
    else file.write(change.at, change.bytes);
  };
  for (const entry of journal) {
    switch (entry.kind) {
      case "write":
      case "truncate":
        pending.push(entry);
        break;
      case "sync":
        for (const change of pending) if (change.path === entry.path) apply(change);
        pending = pending.filter(({ path }) => path !== entry.path);
        break;
      case "link":
        disk.set(entry.name, disk.get(entry.path) ?? fileOf(Buffer.alloc(0)));
        break;
      case "unlink":
        pending = pending.filter(({ path }) => path !== entry.path);
        disk.delete(entry.path);
    }
  }
  for (const change of survivors(pending, left, chance)) apply(change);
  return {
    files: new Map([...disk].map(([path, file]) => [path, file.bytes()])),
    unsynced: pending.length,
  };
}

function survivors(pending: readonly Change[], left: Left, chance: () => number): readonly Change[] {
  switch (left) {
    case "nothing":
      return [];
    case "first": {
      const whole = Math.floor(chance() * (pending.length + 1));
      const torn = pending[whole];
      const sectors = torn ? sectorsOf(torn) : [];
      return [...pending.slice(0, whole), ...sectors.slice(0, Math.floor(chance() * sectors.length))];
    }
    case "scattered":
      return pending.flatMap(sectorsOf).filter(() => chance() < 0.5);
  }
}

function sectorsOf(change: Change): readonly Change[] {
  if (change.kind === "truncate") return [change];
  const { bytes, at } = change;
  const sectors: Change[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + SECTOR - ((at + from) % SECTOR));
    sectors.push({ ...change, at: at + from, bytes: bytes.subarray(from, to) });
    from = to;
  }
  return sectors;
}

function fileOf(from: Buffer) {
  let room = Buffer.from(from);
  let length = from.length;
  const grow = (to: number) => {
    if (to > room.length) room = Buffer.concat([room, Buffer.alloc(Math.max(to, room.length))]);
    length = Math.max(length, to);
  };
  return {
    write(at: number, bytes: Buffer) {
      grow(at + bytes.length);
      bytes.copy(room, at);
    },
    truncate(to: number) {
      grow(to);
      room.fill(0, to);
      length = to;
    },
    bytes: () => room.subarray(0, length),
  };
}
