/** Forms: the fields a person fills in, described once; a modal, in-card fields or a page is the renderer's choice. */

import type { Text } from "./card.ts";
import type { Intent } from "./intent.ts";

interface FieldBase {
  readonly name: string;
  /** Words of ours, or the name of an argument. */
  readonly label: string;
  readonly hint?: string;
  readonly optional: boolean;
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export type Field =
  | (FieldBase & { readonly kind: "line"; readonly value?: string; readonly max?: number })
  | (FieldBase & { readonly kind: "lines"; readonly value?: string; readonly max?: number })
  | (FieldBase & {
      readonly kind: "number";
      readonly value?: number;
      readonly whole: boolean;
      readonly min?: number;
      readonly max?: number;
    })
  | (FieldBase & { readonly kind: "tick"; readonly value: boolean })
  | (FieldBase & { readonly kind: "choice"; readonly value?: string; readonly choices: readonly Choice[] })
  /** JSON as text: arguments without a schema, or values that are lists or objects. */
  | (FieldBase & { readonly kind: "json"; readonly value?: string; readonly max?: number });

export interface Form {
  readonly title: string;
  /** What the button that sends it says. */
  readonly send: string;
  readonly intent: Intent;
  readonly intro: Text;
  readonly fields: readonly Field[];
}

/** What came back, by field name: strings as typed, booleans for ticks; absent where nothing was filled in. */
export type Filled = Readonly<Record<string, string | boolean | undefined>>;
