import { expect, test } from "vitest";
import { countDown } from "./self_timer.ts";

test("counts each second down and then goes off", async () => {
  const [said, waited]: [number[], number[]] = [[], []];
  const wait = async (milliseconds: number) => waited.push(milliseconds);
  expect(
    await countDown(
      3,
      wait,
      (left) => said.push(left),
      () => false,
    ),
  ).toBe(true);
  expect([said, waited]).toEqual([
    [3, 2, 1],
    [1000, 1000, 1000],
  ]);
});

test("stopped on the way, also in the last second, it does not go off", async () => {
  for (const last of [1, 2, 3]) {
    const said: number[] = [];
    const ended = await countDown(
      3,
      async () => undefined,
      (left) => said.push(left),
      () => said.length >= last,
    );
    expect([ended, said.length]).toEqual([false, last]);
  }
});
