/** Teams sends again what was answered late, at first with the same id and later with a new one: each is handled once. */
import type { Clock } from "../../application/ports.ts";
import { type JsonObject, objectAt, textAt } from "../payload.ts";

export interface Once<Value> {
  /** Runs `work` unless this activity was handled, or the same was done by the same person and is under way. */
  run(activity: JsonObject, work: () => Promise<Value>): Promise<Value>;
}

/** Teams tries for some minutes. */
const REMEMBERED_MS = 15 * 60_000;
/** With a new id it comes about 30 s later (botbuilder-dotnet#5005). */
const SAME_DEED_MS = 60_000;
const MOST_REMEMBERED = 20_000;

interface Handled<Value> {
  readonly until: number;
  readonly outcome: Promise<Value>;
}

export function createOnce<Value>(clock: Clock): Once<Value> {
  const handled = new Map<string, Handled<Value>>();

  const forgetOld = (now: number) => {
    for (const [key, { until }] of handled) if (until <= now) handled.delete(key);
    for (const key of handled.keys()) {
      if (handled.size < MOST_REMEMBERED) return;
      handled.delete(key);
    }
  };

  return {
    run(activity, work) {
      const now = clock.now();
      const id = idOf(activity);
      const deed = deedOf(activity);
      const before = [id, deed].map((key) => (key === undefined ? undefined : handled.get(key)));
      const known = before.find((one) => one !== undefined && one.until > now);
      if (known !== undefined) return known.outcome;
      forgetOld(now);
      const outcome = work();
      if (id !== undefined) handled.set(id, { until: now + REMEMBERED_MS, outcome });
      if (deed !== undefined) handled.set(deed, { until: now + SAME_DEED_MS, outcome });
      const forget = () => {
        for (const key of [id, deed]) if (key !== undefined) handled.delete(key);
      };
      outcome.then(
        // Of a press, the application itself knows what was done; a second one a while later deserves an answer of its own.
        () => deed !== undefined && !isFlag(activity) && handled.delete(deed),
        forget,
      );
      return outcome;
    },
  };
}

function idOf(activity: JsonObject): string | undefined {
  const id = textAt(activity, "id");
  return id && `id ${textAt(activity, "conversation", "id")} ${id}`;
}

/** Who did what with which words, wherever the id differs. */
function deedOf(activity: JsonObject): string | undefined {
  if (activity.type !== "invoke") return undefined;
  const value = objectAt(activity, "value");
  const what = [value?.action, value?.data, value?.commandId].map((part) => JSON.stringify(part));
  return ["deed", textAt(activity, "from", "id"), activity.name, activity.replyToId, ...what].join(" ");
}

/** Each one sent opens an escalation, and nothing else tells two of them apart. */
function isFlag(activity: JsonObject): boolean {
  return activity.name === "composeExtension/submitAction";
}
