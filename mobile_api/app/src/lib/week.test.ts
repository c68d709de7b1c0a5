import { expect, test } from "vitest";
import type { CarePlan } from "./contract.ts";
import { listDaysAhead } from "./week.ts";

const occurrence = (id: string, day: number, more = {}) => ({
  ...{ key: `${id}@d${day}#1`, kind: "care_step", title: id, day, withheld: false, provisional: false },
  ...more,
});
const plan = {
  day0: "2026-03-05",
  started: { zone: "UTC" },
  phases: [
    { name: "one", from_day: 0, to_day: 8, what_is_usual: "Sore." },
    { name: "two", from_day: 9, to_day: 90, what_is_usual: "Calm." },
  ],
  signs: {
    itch: [
      { from_day: 0, to_day: 7, low: 0, high: 3 },
      { from_day: 8, to_day: 9, low: 0, high: 6 },
      { from_day: 10, to_day: 90, low: 0, high: 2 },
    ],
    fluid: [{ from_day: 0, to_day: 90, allowed: ["none"] }],
  },
  check_ins: [
    { day: 8, photo: null },
    { day: 9, photo: { views: ["front"], optional: false } },
  ],
  occurrences: [
    occurrence("wash", 2),
    occurrence("wash", 8),
    occurrence("oil", 9, { provisional: true }),
    occurrence("walk", 10),
    occurrence("mask", 10, { withheld: true }),
  ],
} as unknown as CarePlan;
const NOW = Date.parse("2026-03-11T09:00:00Z"); // day 6

test("one line for each of the seven days after today", () => {
  const days = listDaysAhead(plan, NOW);
  expect(days.map((one) => one.day)).toEqual([7, 8, 9, 10, 11, 12, 13]);
  expect(days[0]!.date).toBe("2026-03-12");
});

test("what is usual is said first and where a phase begins", () => {
  expect(listDaysAhead(plan, NOW).map((one) => one.usual)).toEqual([
    ...["Sore.", null, "Calm."],
    ...[null, null, null, null],
  ]);
});

test("a usual range that rises or falls is said on its day; one without numbers is not", () => {
  const days = listDaysAhead(plan, NOW);
  expect(days.map((one) => [one.more, one.less])).toEqual([
    ...[
      [[], []],
      [["itch"], []],
      [[], []],
      [[], ["itch"]],
    ],
    ...[
      [[], []],
      [[], []],
      [[], []],
    ],
  ]);
});

test("a step is named on the day it begins, a forecast as one; what waits for the clinic is not", () => {
  const named = listDaysAhead(plan, NOW).flatMap(({ day, begins, perhaps }) => [
    ...begins.map((title) => [day, title]),
    ...perhaps.map((title) => [day, `${title}?`]),
  ]);
  expect(named).toEqual([
    [9, "oil?"],
    [10, "walk"],
  ]);
});

test("a check-in is said, and whether it wants a photo", () => {
  const days = listDaysAhead(plan, NOW);
  expect(days.map(({ checkIn, photo }) => [checkIn, photo]).slice(0, 4)).toEqual([
    ...[
      [false, false],
      [true, false],
      [true, true],
      [false, false],
    ],
  ]);
});
