import { expect, test } from "vitest";
import type { HealingSign } from "./contract.ts";
import { buildPlot, lastDayOf, listDays } from "./plot.ts";

const WORDS = ["None", "A little", "Some", "A lot"];
const pain: HealingSign = {
  question: "pain",
  name: "Soreness",
  type: "number",
  min: 0,
  max: 10,
  options: [],
  usual: [
    { from_day: 0, to_day: 3, low: 0, high: 4 },
    { from_day: 4, to_day: 90, low: 0, high: 3 },
  ],
  points: [
    { day: 1, value: 4, place: "usual" },
    { day: 2, value: 3, place: "usual" },
    { day: 5, value: 2, place: "usual" },
  ],
};
const scab: HealingSign = {
  ...pain,
  question: "scab_stage",
  type: "scale",
  options: [0, 1, 2, 3, 4, 5].map((value) => ({
    value,
    label: value === 4 ? "Part of it has come off, or more" : `${value}`,
  })),
  usual: [{ from_day: 7, to_day: 90, allowed: [0, 2, 3, 5] }],
  points: [{ day: 8, value: 2, place: "usual" }],
};

test("the usual range is drawn as the plan says it, in steps by day", () => {
  expect(buildPlot(pain, { day: 5, unanswered: [] }, WORDS).bands).toEqual([
    { from: 0, to: 3.5, low: -0.3, high: 4.3 },
    { from: 3.5, to: 14, low: -0.3, high: 3.3 },
  ]);
});

test("answers that are usual but no neighbours are ranges of their own", () => {
  const { bands } = buildPlot(scab, { day: 8, unanswered: [] }, WORDS);
  expect(bands.map(({ low, high }) => [low, high])).toEqual([
    [-0.3, 0.3],
    [1.7, 3.3],
    [4.7, 5.3],
  ]);
});

test("over a day that was asked about and not answered the line is dotted", () => {
  const lines = (unanswered: number[]) =>
    buildPlot(pain, { day: 6, unanswered }, WORDS).lines.map((line) => line.dotted);
  expect(lines([0, 4, 6])).toEqual([false, true]);
  expect(lines([])).toEqual([false, false]);
});

test("the scale speaks in words", () => {
  expect(buildPlot(pain, { day: 5, unanswered: [] }, WORDS).ticks.map((tick) => tick.label)).toEqual(WORDS);
  expect(buildPlot(scab, { day: 8, unanswered: [] }, WORDS).ticks[4]!.label).toBe("Part of it\nhas come off");
});

test("the newest answer is marked, and the scale has room round its ends", () => {
  const plot = buildPlot(pain, { day: 6, unanswered: [] }, WORDS);
  expect(plot.points.map((point) => point.isNewest)).toEqual([false, false, true]);
  expect([plot.low, plot.high, plot.today]).toEqual([-0.3, 10.3, 6]);
});

test("two weeks are shown at first, then whole weeks", () => {
  expect([0, 14, 15, 21, 22, 60].map(lastDayOf)).toEqual([14, 14, 21, 21, 28, 63]);
});

test("today is always named, and no other day so near that they touch", () => {
  expect(listDays({ lastDay: 14, today: 6 })).toEqual([0, 3, 6, 10, 14]);
  expect(listDays({ lastDay: 14, today: 14 })).toEqual([0, 3, 7, 10, 14]);
  expect(listDays({ lastDay: 14, today: 0 })).toEqual([0, 3, 7, 10, 14]);
  expect(listDays({ lastDay: 28, today: 23 })).toEqual([0, 7, 14, 23, 28]);
});
