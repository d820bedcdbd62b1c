/** Waits for a person: until a request is settled, or for so long. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Desk, get } from "./api.ts";
import { type Followed, followed } from "./shapes.ts";

/** Seconds. Clients give up on a tool after 60 unless they are set otherwise; the answer has to be there before. */
export const LONGEST_WAIT = 55;

/** How long a client's permission tool may take: the client can do nothing meanwhile, and people have other work too. */
export const PERMISSION_WAIT = "1h";

/** Seconds of one long-poll: a caller who asked for progress hears at least that often. */
const ONE_POLL = 25;

/** An answer comes at once with every change, and from a server that stops: no turn of the loop may be free. */
const BETWEEN_POLLS_MS = 100;

/** The request as it stands once it is settled, `seconds` are over, or this server stops. */
export async function untilSettled(desk: Desk, id: string, seconds: number): Promise<Followed> {
  // Not the wall clock: that may be set while somebody waits.
  const end = performance.now() + seconds * 1_000;
  for (;;) {
    const left = Math.round((end - performance.now()) / 1_000);
    const wait = Math.max(0, Math.min(left, ONE_POLL));
    const now = await get(desk, `/v1/escalations/${encodeURIComponent(id)}?wait=${wait}`, followed, wait);
    if (now.status !== "open" || wait === 0 || desk.closing.aborted || desk.gone.aborted) return now;
    desk.stillWaiting(`Waiting for ${now.asked.map((one) => one.id).join(", ") || "a person"}.`);
    await sleep(BETWEEN_POLLS_MS);
  }
}
