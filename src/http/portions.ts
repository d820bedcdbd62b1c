/** Takes new work in portions, so that between two of them the loop hears everybody else: a press, a state check. */

/** What one turn of the event loop takes of it: a millisecond. Sixty-four requests that arrive together are eight of them. */
const PER_TURN = 8;

/** Goes on at once, or in a turn to come, first come first served. */
export type TakeTurn = (goOn: () => void) => void;

export function portions(perTurn = PER_TURN): TakeTurn {
  const waiting: (() => void)[] = [];
  let left = perTurn;
  let scheduled = false;

  function nextTurn(): void {
    scheduled = false;
    left = perTurn;
    // Whoever goes on here may bring more, which stands at the end of the line.
    for (const goOn of waiting.splice(0, perTurn)) take(goOn);
  }

  function take(goOn: () => void): void {
    left -= 1;
    if (!scheduled) {
      scheduled = true;
      setImmediate(nextTurn);
    }
    goOn();
  }

  return (goOn) => {
    if (left > 0 && waiting.length === 0) take(goOn);
    else waiting.push(goOn);
  };
}
