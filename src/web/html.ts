/** Markup as a type of its own: a plain string in a template is text and is escaped, only what `html` made is markup. */
import { html as escaped } from "ghtml";

/** Not a property name: nothing that was parsed from JSON can claim to be markup. */
const MARKUP = Symbol("markup");

export interface Html {
  readonly [MARKUP]: string;
}

type Value = string | number | Html | readonly Html[] | null | undefined | false;

/**
 * Builds markup. Strings and numbers are escaped, so that they are safe between tags and between the quotes of an
 * attribute; markup goes in as it is; null, undefined and false leave nothing.
 */
export function html(literals: TemplateStringsArray, ...values: readonly Value[]): Html {
  const parts = literals.flatMap((literal, at) => [literal, drawn(values[at])]);
  return { [MARKUP]: parts.join("") };
}

export const NOTHING: Html = html``;

/** The source of a finished piece, for the response. */
export function source(markup: Html): string {
  return markup[MARKUP];
}

function drawn(value: Value): string {
  if (value === null || value === undefined || value === false) return "";
  if (typeof value === "string" || typeof value === "number") return escaped`${value}`;
  if (isList(value)) return value.map(source).join("");
  return source(value);
}

function isList(value: Html | readonly Html[]): value is readonly Html[] {
  return Array.isArray(value);
}
