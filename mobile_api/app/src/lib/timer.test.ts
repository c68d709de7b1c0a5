import { expect, test } from "vitest";
import {
  announceMinute,
  clockFace,
  litDots,
  pauseTimer,
  resumeTimer,
  startTimer,
  timeLeft,
} from "./timer.ts";

const MINUTE = 60_000;
const basics = { id: "t", care_plan_id: "c", occurrence: "mask@d2#1", title: "Mask", minutes: 15 };

test("time left is the end minus now, however long the phone slept", () => {
  const timer = startTimer(basics, 1000);
  expect(timeLeft(timer, 1000)).toBe(15 * MINUTE);
  expect(timeLeft(structuredClone(timer), 1000 + 14 * MINUTE)).toBe(MINUTE);
  expect(timeLeft(timer, 1000 + 20 * MINUTE)).toBe(-5 * MINUTE);
});

test("a pause moves the end by as long as it lasted", () => {
  const timer = startTimer(basics, 0);
  const paused = pauseTimer(timer, 5 * MINUTE);
  expect(timeLeft(paused, 9 * MINUTE)).toBe(10 * MINUTE);
  const resumed = resumeTimer(paused, 9 * MINUTE);
  expect(resumed.ends_at).toBe(19 * MINUTE);
  expect(timeLeft(resumed, 10 * MINUTE)).toBe(9 * MINUTE);
});

test("pausing twice, resuming what runs and pausing what is over change nothing", () => {
  const timer = startTimer(basics, 0);
  const paused = pauseTimer(timer, MINUTE);
  expect(pauseTimer(paused, 2 * MINUTE)).toBe(paused);
  expect(resumeTimer(timer, MINUTE)).toBe(timer);
  expect(pauseTimer(timer, 16 * MINUTE)).toBe(timer);
});

test("the face shows 15:00 at the start, 0:01 in the last second and 0:00 after the end", () => {
  expect(clockFace(15 * MINUTE)).toEqual({ minutes: 15, seconds: 0 });
  expect(clockFace(1)).toEqual({ minutes: 0, seconds: 1 });
  expect(clockFace(-5 * MINUTE)).toEqual({ minutes: 0, seconds: 0 });
});

test("the ring is full at the start and empty at the end", () => {
  const timer = startTimer(basics, 0);
  expect([15, 7.5, 0, -1].map((minutes) => litDots(timer, minutes * MINUTE))).toEqual([60, 30, 0, 0]);
});

test("it speaks at 10, 5, 1 and 0 minutes and at no other second", () => {
  const said: number[] = [];
  for (let left = 15 * MINUTE; left > -10_000; left -= 1000) {
    const minute = announceMinute(left + 1000, left);
    if (minute !== null) said.push(minute);
  }
  expect(said).toEqual([10, 5, 1, 0]);
});
