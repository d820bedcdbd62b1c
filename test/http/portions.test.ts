/** New work in portions: whoever else is heard between two of them does not wait for all of it. */
import { expect, it } from "vitest";
import { portions } from "../../src/http/portions.ts";

const aTurn = () => new Promise((resolve) => setImmediate(resolve));

it("takes so many in a turn, in the order they came, and the others in the turns after it", async () => {
  const takeTurn = portions(2);
  const taken: number[] = [];
  for (let number = 1; number <= 5; number++) takeTurn(() => taken.push(number));
  expect(taken).toEqual([1, 2]);
  await aTurn();
  expect(taken).toEqual([1, 2, 3, 4]);
  await aTurn();
  expect(taken).toEqual([1, 2, 3, 4, 5]);
});

it("puts whoever comes meanwhile behind those who wait", async () => {
  const takeTurn = portions(1);
  const taken: string[] = [];
  for (const name of ["first", "second", "third"]) takeTurn(() => taken.push(name));
  await aTurn();
  takeTurn(() => taken.push("late"));
  await aTurn();
  await aTurn();
  expect(taken).toEqual(["first", "second", "third", "late"]);
});

it("lets a lone one go on at once, in every turn", async () => {
  const takeTurn = portions(1);
  let taken = 0;
  for (let turn = 1; turn <= 3; turn++) {
    takeTurn(() => {
      taken += 1;
    });
    expect(taken).toBe(turn);
    await aTurn();
  }
});
