/** What platforms need to keep their calls under somebody else's rates, together with every other replica. */
import type { Rate } from "../../domain/delivery/rate.ts";

/**
 * `now` is the asking replica's clock: where clocks are apart, calls of two replicas may be so much closer together than
 * their rate says.
 */
export interface Paces {
  /** Takes a place under each of the rates, or under none: 0 to go ahead, otherwise milliseconds after which to ask again. */
  take(rates: readonly Rate[], now: number): Promise<number>;
  /** What `take` would say at this moment; takes nothing. */
  wait(rates: readonly Rate[], now: number): Promise<number>;
  /** Lets no call under the key through before an instant, for rates that only wait; an earlier one changes nothing. */
  hold(key: string, until: number): Promise<void>;
}
