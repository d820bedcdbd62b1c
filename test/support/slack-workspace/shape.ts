/** A small language for saying what a JSON value must look like; it finds every problem and points at it. */
import { isList, isObject, type Json, type JsonObject } from "./json.ts";

/** A fault in a payload, worded and addressed as Slack does: `must be less than 151 characters [json-pointer:/blocks/0/text/text]`. */
export interface Problem {
  readonly pointer: string;
  readonly message: string;
}

export type Rule = (value: Json, at: string, problems: Problem[]) => void;

interface Field {
  readonly rule: Rule;
  readonly required: boolean;
}

export const must = (rule: Rule): Field => ({ rule, required: true });
export const may = (rule: Rule): Field => ({ rule, required: false });

export function wording({ message, pointer }: Problem): string {
  return `${message} [json-pointer:${pointer}]`;
}

/** A string whose length, after `measure`, lies within the bounds (both inclusive). */
export function string(bounds: {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly measure?: (text: string) => string;
}): Rule {
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, measure = (text) => text } = bounds;
  return (value, at, problems) => {
    if (typeof value !== "string") {
      problems.push({ pointer: at, message: "must be a string" });
      return;
    }
    // Slack counts characters as people see them typed, not UTF-16 halves.
    const length = [...measure(value)].length;
    if (length < min) problems.push({ pointer: at, message: `must be more than ${min - 1} characters` });
    if (length > max) problems.push({ pointer: at, message: `must be less than ${max + 1} characters` });
    if (pattern !== undefined && !pattern.test(value))
      problems.push({ pointer: at, message: "must match a regexp pattern" });
  };
}

export const flag: Rule = (value, at, problems) => {
  if (typeof value !== "boolean") problems.push({ pointer: at, message: "must be a boolean" });
};

export function integer(min: number, max: number): Rule {
  return (value, at, problems) => {
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max)
      problems.push({ pointer: at, message: `must be an integer from ${min} to ${max}` });
  };
}

export const number: Rule = (value, at, problems) => {
  if (typeof value !== "number") problems.push({ pointer: at, message: "must be a number" });
};

export function word(...allowed: readonly Json[]): Rule {
  return (value, at, problems) => {
    if (!allowed.includes(value)) problems.push({ pointer: at, message: "must be a valid enum value" });
  };
}

export function list(item: Rule, min: number, max: number): Rule {
  return (value, at, problems) => {
    if (!isList(value)) {
      problems.push({ pointer: at, message: "must be an array" });
      return;
    }
    if (value.length < min) problems.push({ pointer: at, message: `no less than ${min} items required` });
    if (value.length > max) problems.push({ pointer: at, message: `no more than ${max} items allowed` });
    for (const [index, entry] of value.entries()) item(entry, `${at}/${index}`, problems);
  };
}

/** An object with exactly these fields: a missing one and an unknown one are both faults. */
export function object(fields: Readonly<Record<string, Field>>, further?: Rule): Rule {
  return (value, at, problems) => {
    if (!isObject(value)) {
      problems.push({ pointer: at, message: "must be an object" });
      return;
    }
    for (const [name, field] of Object.entries(fields)) {
      const inside = value[name];
      if (inside === undefined || inside === null) {
        if (field.required) problems.push({ pointer: at, message: `missing required field: ${name}` });
      } else field.rule(inside, `${at}/${name}`, problems);
    }
    for (const name of Object.keys(value))
      if (!Object.hasOwn(fields, name))
        problems.push({ pointer: at, message: `invalid additional property: ${name}` });
    further?.(value, at, problems);
  };
}

/** Chooses the rule by the object's `type`. */
export function byType(table: Readonly<Record<string, Rule>>): Rule {
  return (value, at, problems) => {
    if (!isObject(value)) {
      problems.push({ pointer: at, message: "must be an object" });
      return;
    }
    const { type } = value;
    if (type === undefined) problems.push({ pointer: at, message: "missing required field: type" });
    else if (typeof type !== "string" || !Object.hasOwn(table, type))
      problems.push({ pointer: `${at}/type`, message: `unsupported type: ${String(type)}` });
    else table[type]?.(value, at, problems);
  };
}

/** Adds a fault about the whole object when `wrong` says so. */
export function unless(wrong: (value: JsonObject) => boolean, message: string): Rule {
  return (value, at, problems) => {
    if (isObject(value) && wrong(value)) problems.push({ pointer: at, message });
  };
}
