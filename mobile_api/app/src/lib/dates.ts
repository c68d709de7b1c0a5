/** Dates and times in the reader's language, and the phone's "today", which changes at 04:00 (protocols rule 57). */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** `YYYY-MM-DD` in `zone` at the instant `at`. */
export function localDate(at: number, zone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, dateStyle: "short" }).format(at);
}

/** The date that counts as today: the hours before 04:00 belong to the day before. */
export function appDate(at: number, zone: string): string {
  const hour = Number(
    new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(at),
  );
  return hour < 4 ? addDays(localDate(at, zone), -1) : localDate(at, zone);
}

export function addDays(date: string, days: number): string {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** "Wednesday" for a `YYYY-MM-DD`. */
export function weekday(date: string, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(Date.parse(date));
}

/** The words as a heading begins: names of days are small in some languages. */
export function capital(words: string, language: string): string {
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

/** "Thu 15 January" for a `YYYY-MM-DD`. */
export function longDate(date: string, language: string): string {
  const options = { weekday: "short", day: "numeric", month: "long", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language, options).format(Date.parse(date)).replace(",", "");
}

/** "Thu 15 Jan" for a `YYYY-MM-DD`. */
export function shortDate(date: string, language: string): string {
  const options = { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language, options).format(Date.parse(date)).replace(",", "");
}

/** "15 January" for a `YYYY-MM-DD`. */
export function dayOfYear(date: string, language: string): string {
  const options = { day: "numeric", month: "long", timeZone: "UTC" } as const;
  return new Intl.DateTimeFormat(language, options).format(Date.parse(date));
}

/** "8:12 am" of an instant, on the phone's own wall clock; with 24 hours where the language has them. */
export function clockTime(at: number | string, language: string): string {
  const instant = typeof at === "string" ? Date.parse(at) : at;
  return new Intl.DateTimeFormat(language, timeOptions(language)).format(instant).toLowerCase();
}

/** English is written with am and pm, as in the design, also where its country has 24 hours. */
function timeOptions(language: string): Intl.DateTimeFormatOptions {
  const plain = { hour: "numeric", minute: "2-digit" } as const;
  return language.startsWith("en") ? { ...plain, hour12: true } : plain;
}

/** "8:00 am" of a wall clock time `HH:MM` or a local `YYYY-MM-DDTHH:MM`. */
export function wallTime(text: string, language: string): string {
  const [hours = 0, minutes = 0] = text.slice(-5).split(":").map(Number);
  const options = { ...timeOptions(language), timeZone: "UTC" };
  return new Intl.DateTimeFormat(language, options).format((hours * 60 + minutes) * 60_000).toLowerCase();
}

/** "6:00 pm tomorrow", "12 January": when something happens, seen from now. */
export function whenText(at: string, now: number, zone: string, language: string, words: DayWords): string {
  const instant = Date.parse(at);
  const days = daysBetween(appDate(now, zone), appDate(instant, zone));
  const time = clockTime(instant, language);
  if (days === 0) return words.today(time);
  if (days === 1) return words.tomorrow(time);
  if (days === -1) return words.yesterday(time);
  return longDate(localDate(instant, zone), language);
}
export interface DayWords {
  today(time: string): string;
  tomorrow(time: string): string;
  yesterday(time: string): string;
}

/** 0 for today, 1 for yesterday, and so on. */
export function daysAgo(date: string, now: number, zone: string): number {
  return daysBetween(date, localDate(now, zone));
}
