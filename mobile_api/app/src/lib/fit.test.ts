import { expect, test } from "vitest";
import { fitBytes, fitEdge, LONG_EDGE, MOST_BYTES } from "./fit.ts";

test("the long edge is at most 1600, in either direction, and nothing is blown up", () => {
  expect(fitEdge({ width: 4000, height: 3000 }, LONG_EDGE)).toEqual({ width: 1600, height: 1200 });
  expect(fitEdge({ width: 1080, height: 1920 }, LONG_EDGE)).toEqual({ width: 900, height: 1600 });
  expect(fitEdge({ width: 640, height: 480 }, LONG_EDGE)).toEqual({ width: 640, height: 480 });
  expect(fitEdge({ width: 9000, height: 1 }, LONG_EDGE)).toEqual({ width: 1600, height: 1 });
});

/** A picture whose bytes grow with its area and quality; `weight` at the first try. */
function encoder(weight: number) {
  const tries: [number, number][] = [];
  const encode = async (edge: number, quality: number) => {
    tries.push([edge, quality]);
    return { size: weight * (edge / LONG_EDGE) ** 2 * quality, edge, quality };
  };
  return { tries, encode };
}

test("the quality goes down until it fits, and no further", async () => {
  const { tries, encode } = encoder(450_000);
  const made = await fitBytes(encode);
  expect(made.size).toBeLessThanOrEqual(MOST_BYTES);
  expect(tries).toEqual([
    [1600, 0.85],
    [1600, 0.75],
  ]);
});

test("what no quality makes small enough becomes smaller", async () => {
  const made = await fitBytes(encoder(2_000_000).encode);
  expect(made.size).toBeLessThanOrEqual(MOST_BYTES);
  expect(made.edge).toBe(1200);
});

test("a picture that never fits is kept as small as it gets", async () => {
  const made = await fitBytes(encoder(1e12).encode);
  expect(made.quality).toBe(0.25);
  expect(made.edge).toBeLessThan(600);
});
