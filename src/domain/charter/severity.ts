/** How grave something is, and how long a person has to answer it. */
import { HOUR, MINUTE } from "../time/time.ts";

export const SEVERITIES = ["low", "medium", "high", "critical"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Response targets in milliseconds (product rule); a charter may change them. */
export const RESPONSE_TARGETS: Readonly<Record<Severity, number>> = {
  critical: 15 * MINUTE,
  high: 1 * HOUR,
  medium: 4 * HOUR,
  low: 24 * HOUR,
};

export function graver(a: Severity, b: Severity): Severity {
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}
