/** Answers that are ready in the same turn of the event loop in which their requests came leave in a row, when it ends. */

/** Sends at the end of the turn in which it was asked for, or at once when that is over. What it is given must not throw. */
export type Leave = (send: () => void) => void;

/**
 * Asked for each request when it comes. To write to somebody who sleeps is to wake them, and that costs more than all the
 * rest of a short answer. In a row, the first one wakes who is at the other end and the others find them awake. What has
 * waited for a commit or for a change is not held up.
 */
export function departures(): () => Leave {
  let turn: (() => void)[] | undefined;

  function begin(): (() => void)[] {
    const ready: (() => void)[] = [];
    setImmediate(() => {
      turn = undefined;
      for (const send of ready) send();
    });
    return ready;
  }

  return () => {
    turn ??= begin();
    const mine = turn;
    return (send) => {
      if (mine === turn) mine.push(send);
      else send();
    };
  };
}
