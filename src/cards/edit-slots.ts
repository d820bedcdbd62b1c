/** The arguments of an action as the fields of a form: which argument gets which kind of field. */
import { argsAtStake, type Escalation } from "../domain/escalation/escalation.ts";
import { argName } from "./action.ts";
import {
  choiceSlot,
  jsonSlot,
  type KnownChoice,
  numberSlot,
  type Schema,
  type Slot,
  textSlot,
  tickSlot,
  type Wanted,
} from "./argument-slots.ts";
import { short } from "./literal.ts";

/** More arguments than this are edited as one piece of JSON. */
const MOST_FIELDS = 20;
const MOST_CHOICES = 100;

/** Slots in the order of the arguments, then of the schema; and the arguments no form can hold. */
export function editSlots(escalation: Escalation): {
  readonly slots: readonly Slot[];
  readonly fixed: readonly string[];
} {
  const args = argsAtStake(escalation) ?? {};
  const wanted = wantedArguments(args, escalation.request.args_schema);
  if (wanted.length === 0 || wanted.length > MOST_FIELDS) {
    const all = jsonSlot(
      { name: "", present: true, value: args, schema: undefined, required: true },
      "all",
      null,
    );
    return all ? { slots: [all], fixed: [] } : { slots: [], fixed: ["the arguments"] };
  }
  const made = wanted.map((one, at) => ({ one, slot: slotFor(one, `arg${at}`) }));
  return {
    slots: made.flatMap(({ slot }) => (slot ? [slot] : [])),
    fixed: made.flatMap(({ one, slot }) => (slot ? [] : [argName(one.name)])),
  };
}

function wantedArguments(
  args: Readonly<Record<string, unknown>>,
  schema: Schema | undefined,
): readonly Wanted[] {
  const properties = isObject(schema?.properties) ? schema.properties : {};
  const required = Array.isArray(schema?.required) ? schema.required : [];
  const names = [...new Set([...Object.keys(args), ...Object.keys(properties)])];
  return names.map((name) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
    const described = isObject(own) ? own : undefined;
    const present = Object.hasOwn(args, name);
    return {
      name,
      present,
      value: present ? args[name] : undefined,
      schema: described,
      required: described ? required.includes(name) : present,
    };
  });
}

function slotFor(wanted: Wanted, field: string): Slot | undefined {
  const { schema, value, present } = wanted;
  const choices = choicesOf(schema);
  if (choices && (!present || choices.some((choice) => choice.value === value))) {
    return choiceSlot(wanted, field, choices);
  }
  const type = schema?.type ?? (present ? typeof value : undefined);
  if (type === "string" && (!present || typeof value === "string")) return textSlot(wanted, field);
  if ((type === "number" || type === "integer") && (!present || typeof value === "number"))
    return numberSlot(wanted, field, type === "integer");
  if (type === "boolean" && (!present || typeof value === "boolean")) return tickSlot(wanted, field);
  return jsonSlot(wanted, field, wanted.name);
}

function choicesOf(schema: Schema | undefined): readonly KnownChoice[] | undefined {
  const named = Array.isArray(schema?.oneOf) ? schema.oneOf : undefined;
  const known = named
    ? named.flatMap((one): KnownChoice[] =>
        isObject(one) && isScalar(one.const)
          ? [
              {
                value: one.const,
                label: short(typeof one.title === "string" ? one.title : String(one.const), 75),
              },
            ]
          : [],
      )
    : Array.isArray(schema?.enum)
      ? schema.enum.filter(isScalar).map((value) => ({ value, label: short(String(value), 75) || "(empty)" }))
      : [];
  const whole = known.length === (named ?? (Array.isArray(schema?.enum) ? schema.enum : [])).length;
  return whole && known.length > 0 && known.length <= MOST_CHOICES ? known : undefined;
}

function isScalar(value: unknown): boolean {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

function isObject(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
