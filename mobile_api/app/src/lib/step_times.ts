/** The care steps that remind, with their times of a day, as the person may move them. */

import type { Plan } from "./contract.ts";
import { stepId } from "./day.ts";

export interface TimedStep {
  care_plan_id: string;
  id: string;
  title: string;
  times: string[];
}

/** Steps that are on now or still to come. Areas with one method share their times: each step stands there once. */
export function listTimedSteps(plan: Plan | null, now: number): TimedStep[] {
  const found = new Map<string, TimedStep>();
  for (const { care_plan_id, method, steps, occurrences } of plan?.plans ?? []) {
    const open = occurrences.filter((one) => !one.withheld && Date.parse(one.closes_at) > now);
    const ahead = new Set(open.map(stepId));
    for (const { id, title, times, reminds } of steps) {
      if (reminds && times?.length && ahead.has(id))
        found.set(`${method.id} ${id}`, { care_plan_id, id, title, times });
    }
  }
  return [...found.values()];
}

/** The times of a day with one of them moved, in order; null where two would fall together. */
export function moveTime(times: string[], index: number, to: string): string[] | null {
  const moved = times.with(index, to).sort();
  return new Set(moved).size === moved.length ? moved : null;
}
