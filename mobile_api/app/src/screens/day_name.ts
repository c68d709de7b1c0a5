import { daysAgo, localDate, longDate } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";

/** "Today", "Yesterday", or the date of an instant. */
export function dayName(at: string, now: number, zone: string): string {
  const date = localDate(Date.parse(at), zone);
  const ago = daysAgo(date, now, zone);
  if (ago === 0) return t.messages.today;
  return ago === 1 ? t.messages.yesterday : longDate(date, language);
}
