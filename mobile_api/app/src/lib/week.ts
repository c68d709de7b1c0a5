/** The days ahead, one line each: what to expect, from the plan on the phone alone. */

import type { CarePlan, Occurrence, UsualRow } from "./contract.ts";
import { addDays } from "./dates.ts";
import { dayOf, stepId } from "./day.ts";

export interface DayAhead {
  /** `YYYY-MM-DD`. */
  date: string;
  day: number;
  /** What is usual, where the phase begins that day or the list does. */
  usual: string | null;
  /** Questions whose usual range rises or falls that day. */
  more: string[];
  less: string[];
  /** Titles of care steps that begin; `perhaps`: their day is a forecast. */
  begins: string[];
  perhaps: string[];
  checkIn: boolean;
  photo: boolean;
}

/** The `days` days after today. */
export function listDaysAhead(plan: CarePlan, now: number, days = 7): DayAhead[] {
  const today = dayOf(plan, now);
  const begins = firstDays(plan);
  return Array.from({ length: days }, (_, i) => {
    const day = today + 1 + i;
    const checkIn = plan.check_ins.find((one) => one.day === day);
    const phase = plan.phases.find((one) => one.from_day <= day && day <= one.to_day);
    const starting = begins.filter((one) => one.day === day);
    const titles = (provisional: boolean) => [
      ...new Set(starting.filter((one) => one.provisional === provisional).map((one) => one.title)),
    ];
    return {
      date: addDays(plan.day0, day),
      day,
      usual: phase && (i === 0 || phase.from_day === day) ? phase.what_is_usual : null,
      more: moves(plan, day, (before, after) => after > before),
      less: moves(plan, day, (before, after) => after < before),
      begins: titles(false),
      perhaps: titles(true),
      checkIn: checkIn !== undefined,
      photo: (checkIn?.photo?.views.length ?? 0) > 0,
    };
  });
}

/** The first occurrence of each care step. */
function firstDays(plan: CarePlan): Occurrence[] {
  const first = new Map<string, Occurrence>();
  for (const one of plan.occurrences) {
    if (one.kind !== "care_step" || one.withheld) continue;
    const known = first.get(stepId(one));
    if (!known || one.day < known.day) first.set(stepId(one), one);
  }
  return [...first.values()];
}

/** Questions answered by a number whose upper end of the usual range differs from that of the day before. */
function moves(plan: CarePlan, day: number, differs: (before: number, after: number) => boolean): string[] {
  const highOn = (rows: UsualRow[], on: number) =>
    rows.find((row) => row.from_day <= on && on <= row.to_day)?.high ?? null;
  return Object.entries(plan.signs).flatMap(([question, rows]) => {
    const [before, after] = [highOn(rows, day - 1), highOn(rows, day)];
    return before !== null && after !== null && differs(before, after) ? [question] : [];
  });
}
