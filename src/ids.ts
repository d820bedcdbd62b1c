/** Time-ordered, unguessable ids (ULIDs) and the runtime's randomness. */
import { randomBytes } from "node:crypto";
import type { Secrets } from "./application/issue-key.ts";
import type { Clock, Ids } from "./application/ports.ts";

/** Crockford's base 32, as the ULID specification has it. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** Random bytes are drawn in bulk: a system call per id would cost more than the id. */
const POOL_SIZE = 4_096;

/** 48 bits of milliseconds, then 80 random bits: ids of one millisecond are in no order, and none follows from another. */
export function createIds(clock: Clock): Ids {
  let pool = Buffer.alloc(0);
  let used = 0;
  const byte = () => {
    if (used === pool.length) [pool, used] = [randomBytes(POOL_SIZE), 0];
    return pool[used++] ?? 0;
  };
  return {
    next() {
      let time = clock.now();
      let text = "";
      for (let place = 0; place < 10; place++) {
        text = DIGITS.charAt(time % 32) + text;
        time = Math.floor(time / 32);
      }
      for (let place = 0; place < 16; place++) text += DIGITS.charAt(byte() & 31);
      return text;
    },
    chance: () => Math.random(),
  };
}

export const secrets: Secrets = {
  token: () => randomBytes(32).toString("base64url"),
  signingSecret: () => `whsec_${randomBytes(32).toString("base64")}`,
};
