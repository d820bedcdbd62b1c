/** Forgets what nobody can ask for any more: answers to repeated requests, counted contacts, and notes whose time is over. */
import { DAY } from "../domain/time/time.ts";
import type { Context } from "./context.ts";

/** For so long a repeated request gets the first answer again. */
const ANSWERS_KEPT = 30 * DAY;
/** The longest window that a charter can count within is a year. */
const TALLIES_KEPT = 366 * DAY;

/** Resolves with how many rows are gone. */
export type ForgetOld = () => Promise<number>;

export function forgetOld({ store, clock }: Pick<Context, "store" | "clock">): ForgetOld {
  return async () => {
    const now = clock.now();
    const answers = await store.answers.forget(now - ANSWERS_KEPT);
    const tallies = await store.tallies.forget(now - TALLIES_KEPT);
    return answers + tallies + (await store.notes.forget(now));
  };
}
