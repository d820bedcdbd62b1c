/** Walks the audit trail from its first line and names the first one that does not follow from the line before. */
import type { AuditTrail } from "../application/ports.ts";
import { GENESIS, type SealedLine, sealLine } from "../domain/audit.ts";
import { sha256 } from "./audit-trail.ts";

export type Verdict =
  /** `hash` is the last line's: kept elsewhere, it shows later that nothing was cut off the end. */
  | { readonly ok: true; readonly lines: number; readonly hash: string }
  | { readonly ok: false; readonly seq: number; readonly why: string };

const PAGE = 1_000;

/** Reads page by page, so that a trail of any length is checked in little memory and others are served in between. */
export async function verifyAudit(trail: Pick<AuditTrail, "after">): Promise<Verdict> {
  let [seq, hash] = [0, GENESIS];
  for (;;) {
    const page = await trail.after(seq, PAGE);
    for (const line of page) {
      const why = brokenBy(line, seq + 1, hash);
      if (why) return { ok: false, seq: seq + 1, why };
      [seq, hash] = [line.seq, line.hash];
    }
    if (page.length < PAGE) return { ok: true, lines: seq, hash };
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function brokenBy({ seq, hash, ...line }: SealedLine, expected: number, before: string): string | undefined {
  if (seq !== expected) return `line ${expected} is missing: line ${seq} follows instead`;
  if (sealLine(before, seq, line, sha256) !== hash) {
    return `line ${seq} is not what was written: its hash does not follow from its text and the line before`;
  }
  return undefined;
}
