/** What the charter says of an action: it may, it asks first (perhaps only for some arguments), it never does. */
import type { Action } from "../escalation/action-digest.ts";
import type { Charter } from "./charter.ts";
import type { Met } from "./finding.ts";

type Condition = NonNullable<Charter["actions"]["ask_first"][number]["when"]>[string];

/** Empty when the agent may do it by itself. An action that no list names is asked about. */
export function actionBounds(charter: Charter, action: Action): Met[] {
  const { may, ask_first, never } = charter.actions;
  if (never.includes(action.name)) {
    const rule = `the charter never allows ${action.name}`;
    return [{ trigger: "approval_required", rule, never: true, severity: "high" }];
  }
  const asks = ask_first.filter((entry) => entry.action === action.name);
  const met = asks.find(({ when = {} }) =>
    Object.entries(when).every(([name, condition]) => meets(action.args[name], condition)),
  );
  if (met) {
    const when = met.when ? ` (${conditionWords(met.when)})` : "";
    return [{ trigger: "approval_required", rule: `the charter asks first for ${action.name}${when}` }];
  }
  if (asks.length > 0 || may.includes(action.name)) return [];
  return [{ trigger: "approval_required", rule: `the charter does not list ${action.name}` }];
}

/** Whether an argument meets a condition. One that is missing, or that can't be compared, meets it: a person looks. */
function meets(value: unknown, condition: Condition): boolean {
  const when = typeof condition === "object" ? condition : { is: condition };
  if (value === undefined || value === null || typeof value === "object") return true;
  if (when.is !== undefined && !same(value, when.is)) return false;
  if (when.one_of && !when.one_of.some((one) => same(value, one))) return false;
  if (when.above === undefined && when.below === undefined) return true;
  const number = asNumber(value);
  if (Number.isNaN(number)) return true;
  return (
    (when.above === undefined || number > when.above) && (when.below === undefined || number < when.below)
  );
}

/** `"15"` is 15 and `"Enterprise"` is `enterprise`: writing an argument in another type or case evades no condition. */
function same(value: unknown, word: string | number | boolean): boolean {
  if (typeof word === "number") return asNumber(value) === word;
  return String(value).trim().toLowerCase() === String(word).trim().toLowerCase();
}

/** NaN for what is no number. */
function asNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
}

function conditionWords(when: Readonly<Record<string, Condition>>): string {
  return Object.entries(when)
    .map(([name, one]) => {
      if (typeof one !== "object") return `${name} is ${one}`;
      return [
        one.above !== undefined ? `${name} above ${one.above}` : "",
        one.below !== undefined ? `${name} below ${one.below}` : "",
        one.is !== undefined ? `${name} is ${one.is}` : "",
        one.one_of ? `${name} is one of ${one.one_of.join(", ")}` : "",
      ]
        .filter(Boolean)
        .join(", ");
    })
    .join("; ");
}
