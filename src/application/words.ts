/** How an answer is worded for the person who gets it. */
import { isOver, type Refusal, wording } from "../domain/refusal.ts";
import type { Answer } from "./ports.ts";

/** `14:05 UTC`: an instant of today or of another day, the same for everybody who reads it. */
export function clockWords(at: number): string {
  return `${new Date(at).toISOString().slice(11, 16)} UTC`;
}

export function refusedAnswer(refusal: Refusal): Extract<Answer, { kind: "refused" }> {
  return { kind: "refused", words: wording(refusal, clockWords), over: isOver(refusal) };
}
