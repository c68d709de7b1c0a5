import { expect, test } from "vitest";
import {
  addDays,
  appDate,
  capital,
  clockTime,
  dayOfYear,
  daysBetween,
  longDate,
  wallTime,
  weekday,
  whenText,
} from "./dates.ts";

const words = {
  today: (s: string) => `today ${s}`,
  tomorrow: (s: string) => `tomorrow ${s}`,
  yesterday: (s: string) => s,
};

test("today changes at 4 am in the person's zone, so a late evening is still the same day", () => {
  expect(appDate(Date.parse("2026-11-23T03:59:00Z"), "Europe/London")).toBe("2026-11-22");
  expect(appDate(Date.parse("2026-11-23T04:00:00Z"), "Europe/London")).toBe("2026-11-23");
  expect(appDate(Date.parse("2026-11-22T20:30:00Z"), "Asia/Tokyo")).toBe("2026-11-23");
  expect(appDate(Date.parse("2026-11-22T15:30:00Z"), "Asia/Tokyo")).toBe("2026-11-22");
});

test("days count over months, years and clock changes", () => {
  expect(daysBetween("2026-10-24", "2026-10-26")).toBe(2);
  expect(daysBetween("2026-12-31", "2027-01-01")).toBe(1);
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
});

test("dates and times read as people say them", () => {
  expect(weekday("2026-11-25", "en-GB")).toBe("Wednesday");
  expect(longDate("2027-01-15", "en-GB")).toBe("Fri 15 January");
  expect(wallTime("2026-11-22T20:00", "en-GB")).toBe("8:00 pm");
  expect(wallTime("07:30", "en-GB")).toBe("7:30 am");
});

test("dates and times are those of the language, with the design's digits", () => {
  expect(capital(weekday("2026-11-25", "es"), "es")).toBe("Miércoles");
  expect(longDate("2027-01-15", "es")).toBe("vie 15 de enero");
  expect(dayOfYear("2027-01-15", "es")).toBe("15 de enero");
  expect(wallTime("20:00", "es")).toBe("20:00");
  expect(weekday("2026-11-25", "ar-u-nu-latn")).toBe("الأربعاء");
  expect(dayOfYear("2027-01-15", "ar-u-nu-latn")).toBe("15 يناير");
  expect(wallTime("20:00", "ar-u-nu-latn")).toMatch(/^8:00\sم$/);
  expect(clockTime("2026-11-25T20:00:00Z", "ar-u-nu-latn")).toMatch(/[صم]$/);
});

test("every wait has a day", () => {
  const now = Date.parse("2026-11-22T12:00:00Z");
  expect(whenText("2026-11-22T18:00:00Z", now, "UTC", "en-GB", words)).toMatch(/^today /);
  expect(whenText("2026-11-23T18:00:00Z", now, "UTC", "en-GB", words)).toMatch(/^tomorrow /);
  expect(whenText("2026-11-27T18:00:00Z", now, "UTC", "en-GB", words)).toBe("Fri 27 November");
});
