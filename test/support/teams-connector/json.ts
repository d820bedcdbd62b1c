/** JSON of unknown shape, read by path. */

export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((here, step) => (isJson(here) ? here[step] : undefined), value);
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** Every object within, itself included. */
export function everything(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value.flatMap(everything);
  return isJson(value) ? [value, ...Object.values(value).flatMap(everything)] : [];
}
