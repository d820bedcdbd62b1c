/** Whether the process lives, whether it can do its work, and how it is doing. */
import { json, text } from "./answer.ts";
import { liveness, readiness } from "./answer-schemas.ts";
import type { BackPressure } from "./back-pressure.ts";
import type { HttpDoor } from "./door.ts";
import { type Endpoint, endpoint, NO_BODY, NO_QUERY } from "./endpoint.ts";
import type { Metrics } from "./metrics.ts";

/** Anybody may ask, and each look writes: so one look serves everybody for a moment. */
const LOOK_LASTS_MS = 1_000;

/** A store that does not answer is no better than one that says no. */
const LOOK_TAKES_MS = 5_000;

export function healthEndpoints(
  door: HttpDoor,
  { measured, pressure }: { readonly measured: Metrics; readonly pressure: BackPressure },
  closing: () => boolean,
): readonly Endpoint[] {
  let look: { readonly at: number; readonly reasons: Promise<readonly string[]> } | undefined;

  function reasons(): Promise<readonly string[]> {
    const now = performance.now();
    if (!look || now - look.at > LOOK_LASTS_MS) look = { at: now, reasons: lookAround(door) };
    return look.reasons;
  }

  const anybody = {
    method: "GET",
    who: "anybody",
    query: NO_QUERY,
    body: NO_BODY,
    keepsAnswers: false,
  } as const;
  return [
    endpoint({
      ...anybody,
      path: "/healthz",
      summary: "Ask whether the process lives",
      answers: { 200: { says: "It answers.", schema: liveness } },
      handle: () => json(200, { alive: true }),
    }),
    endpoint({
      ...anybody,
      path: "/readyz",
      summary: "Ask whether it can do its work",
      answers: {
        200: {
          says: "The store can be written, the worker runs, nothing is overdue. A reason with it: new work is refused just now.",
          schema: readiness,
        },
        503: { says: "It cannot, and why.", schema: readiness },
      },
      async handle() {
        const found = closing() ? ["This process is shutting down."] : await reasons();
        // Told at once, and a reason to go elsewhere only when it lasts: the people and the agents who wait are still served.
        const behind = pressure.standing();
        const ready = found.length === 0 && !behind?.forLong;
        return json(ready ? 200 : 503, { ready, reasons: behind ? [...found, behind.words] : found });
      },
    }),
    endpoint({
      ...anybody,
      who: "admin",
      path: "/v1/metrics",
      summary: "Read metrics",
      answers: { 200: { says: "Prometheus text.", schema: null, type: "text/plain" } },
      async handle() {
        const { body, type } = await measured.read();
        return text(type, body);
      },
    }),
  ];
}

async function lookAround({ store, clock, limits, workerAlive, log }: HttpDoor): Promise<readonly string[]> {
  const reasons: string[] = [];
  if (!workerAlive()) reasons.push("The worker that runs due jobs has stopped: restart the process.");
  const stored = async () => {
    await store.ping();
    return store.jobs.countOverdue(clock.now() - limits.overdueMs);
  };
  try {
    const overdue = await inTime(stored());
    if (overdue > 0) {
      reasons.push(
        `${overdue} jobs are overdue by more than ${limits.overdueMs / 1_000} s: read the log for why.`,
      );
    }
  } catch (error) {
    log.error({ error: String(error) }, "the store does not take writes");
    reasons.push("The store does not take writes: look at its disk, its permissions or its server.");
  }
  return reasons;
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${LOOK_TAKES_MS} ms`)), LOOK_TAKES_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
