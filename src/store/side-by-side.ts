/** Which writes of a group may run side by side: those that have no row in common. */
import type { Writing } from "./engine.ts";

/** In order, cut wherever one touches what one before it touches: the later one has to see what the earlier one wrote. */
export function sideBySide<Entry extends Pick<Writing<never>, "touches">>(
  group: readonly Entry[],
): readonly (readonly Entry[])[] {
  const parts: Entry[][] = [];
  let touched: Set<string> | undefined;
  for (const entry of group) {
    const { touches } = entry;
    if (touched && touches && !touches.some((row) => touched?.has(row))) parts.at(-1)?.push(entry);
    else {
      parts.push([entry]);
      touched = touches && new Set();
    }
    for (const row of touches ?? []) touched?.add(row);
  }
  return parts;
}
