import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { now, nowText, phoneDelay, restoreClock, setServerNow } from "./clock.ts";

beforeEach(() => vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") }));
afterEach(() => vi.useRealTimers());

test("a phone clock that is a day wrong does not matter once the server has said what time it is", () => {
  setServerNow("2026-11-22T08:00:00Z", 1);
  vi.advanceTimersByTime(90_000);
  expect(nowText()).toBe("2026-11-22T08:01:30Z");
});

test("in development a day passes in a minute", () => {
  setServerNow("2026-11-22T08:00:00Z", 1440);
  vi.advanceTimersByTime(60_000);
  expect(nowText()).toBe("2026-11-23T08:00:00Z");
  expect(phoneDelay(1440_000)).toBe(1000);
});

test("an anchor that was kept carries on after the app was closed", () => {
  const anchor = setServerNow("2026-11-22T08:00:00Z", 1);
  vi.advanceTimersByTime(3_600_000);
  restoreClock(structuredClone(anchor));
  expect(now()).toBe(Date.parse("2026-11-22T09:00:00Z"));
});
