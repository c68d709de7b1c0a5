/** What a new copy of the plan says otherwise than the one before, for the one note on Today. */

import type { CarePlan, Plan } from "./contract.ts";
import { stepId } from "./day.ts";

export interface PlanChange {
  /** Titles of care steps. */
  added: string[];
  changed: string[];
  gone: string[];
}

interface Outline {
  title: string;
  from: string;
  /** Everything that a person would notice of the step itself. */
  words: string;
}

/**
 * Null where nothing changed but the day: forecasts move on with every day (protocols rule 9), which is no change of the
 * plan. A change is another version, another date of an anchor, or another treatment.
 */
export function findPlanChange(before: Plan | null, after: Plan, now: number): PlanChange | null {
  const pairs = after.plans.flatMap((next) => {
    const known = before?.plans.find((one) => one.care_plan_id === next.care_plan_id);
    return known && factsOf(known) !== factsOf(next) ? [compare(known, next, now)] : [];
  });
  if (pairs.length === 0) return null;
  const all = (pick: (change: PlanChange) => string[]) => [...new Set(pairs.flatMap(pick))];
  return { added: all((one) => one.added), changed: all((one) => one.changed), gone: all((one) => one.gone) };
}

function factsOf({ content_version, overlay_version, anchors = {}, started }: CarePlan): string {
  const dates = Object.entries(anchors).sort(([one], [other]) => one.localeCompare(other));
  return JSON.stringify([content_version, overlay_version, dates, started.ended_at]);
}

function compare(before: CarePlan, after: CarePlan, now: number): PlanChange {
  const [old, next] = [outlineSteps(before, now), outlineSteps(after, now)];
  const titles = (of: Map<string, Outline>, wanted: (id: string, step: Outline) => boolean) =>
    [...of].filter(([id, step]) => wanted(id, step)).map(([, step]) => step.title);
  return {
    added: titles(next, (id) => !old.has(id)),
    changed: titles(next, (id, step) => {
      const known = old.get(id);
      return known !== undefined && (known.words !== step.words || hasMoved(known, step, now));
    }),
    gone: titles(old, (id) => !next.has(id)),
  };
}

function hasMoved(before: Outline, after: Outline, now: number): boolean {
  const toCome = Date.parse(before.from) > now || Date.parse(after.from) > now;
  return toCome && before.from !== after.from;
}

/** Steps that are on now or still to come. */
function outlineSteps(plan: CarePlan, now: number): Map<string, Outline> {
  const found = new Map<string, Outline & { times: Set<string> }>();
  for (const one of plan.occurrences) {
    if (one.kind !== "care_step" || one.withheld || Date.parse(one.closes_at) <= now) continue;
    const id = stepId(one);
    const known = found.get(id) ?? { title: one.title, from: one.opens_at, words: "", times: new Set() };
    known.times.add(one.local.slice(-5));
    found.set(id, known);
  }
  const wordsOf = (id: string) => plan.steps.find((step) => step.id === id)?.instruction ?? "";
  return new Map(
    [...found].map(([id, { times, ...step }]) => [
      id,
      { ...step, words: [step.title, wordsOf(id), ...[...times].sort()].join("\n") },
    ]),
  );
}
