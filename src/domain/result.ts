/** An expected "no" is a value: either what was asked for, or why not. */

export type Result<Value, No> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly no: No };

export function yes<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function no<No>(why: No): { readonly ok: false; readonly no: No } {
  return { ok: false, no: why };
}
