/** Walks the audit trail from its first line and names the first one that does not follow from the line before. */
import type { AuditTrail } from "../application/ports.ts";
import { GENESIS, type SealedLine, sealLine } from "../domain/audit.ts";
import { type Seal, sha256 } from "./audit-trail.ts";

export type Verdict =
  /** `hash` is the last line's: kept elsewhere, it shows later that nothing was cut off the end. */
  | { readonly ok: true; readonly lines: number; readonly hash: string }
  | { readonly ok: false; readonly seq: number; readonly why: string };

export interface Walk {
  /** The last line that is known to be whole, which still has to be there: it begins behind it. Absent: at the beginning. */
  readonly from?: Seal;
  /** Lines of one read. */
  readonly page?: number;
  /** Milliseconds between two reads, for a walk that is in no hurry. */
  readonly rest?: number;
}

/** Reads page by page, so that a trail of any length is checked in little memory and others are served in between. */
export async function verifyAudit(trail: Pick<AuditTrail, "after">, walk: Walk = {}): Promise<Verdict> {
  const { from, page: size = 1_000, rest = 0 } = walk;
  let [seq, hash] = from ? [from.seq, from.hash] : [0, GENESIS];
  if (from && from.seq > 0) {
    const [line] = await trail.after(from.seq - 1, 1);
    if (line?.seq !== from.seq) return { ok: false, seq, why: `line ${seq} was there and is missing now` };
    if (line.hash !== hash) return { ok: false, seq, why: `line ${seq} is not the one that was there` };
  }
  for (;;) {
    const page = await trail.after(seq, size);
    for (const line of page) {
      const why = brokenBy(line, seq + 1, hash);
      if (why) return { ok: false, seq: seq + 1, why };
      [seq, hash] = [line.seq, line.hash];
    }
    if (page.length < size) return { ok: true, lines: seq, hash };
    await new Promise((resolve) => (rest > 0 ? setTimeout(resolve, rest) : setImmediate(resolve)));
  }
}

function brokenBy({ seq, hash, ...line }: SealedLine, expected: number, before: string): string | undefined {
  if (seq !== expected) return `line ${expected} is missing: line ${seq} follows instead`;
  if (sealLine(before, seq, line, sha256) !== hash) {
    return `line ${seq} is not what was written: its hash does not follow from its text and the line before`;
  }
  return undefined;
}
