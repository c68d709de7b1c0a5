/** Several treated areas as one day: care steps by moment, each rule once, the areas' names where they differ. */

import type { Advice, Area, StepItem } from "./contract.ts";

/** What is due this soon after the first one is the same moment, as it is for reminders. */
const MOMENT_MS = 45 * 60_000;

export interface AreaStep {
  step: StepItem;
  care_plan_id: string;
  /** The area's name; empty where there is one area only. */
  area: string;
}
export interface Moment {
  /** When it is, on the client's clock; empty where there is one area only: its steps say it themselves. */
  local: string;
  steps: AreaStep[];
}

export function listMoments(areas: Area[]): Moment[] {
  const several = areas.length > 1;
  const steps = areas.flatMap((area) =>
    area.steps.map((step): AreaStep => ({
      step,
      care_plan_id: area.care_plan_id,
      area: several ? nameOf(area) : "",
    })),
  );
  if (!several) return steps.length > 0 ? [{ local: "", steps }] : [];
  const moments: Moment[] = [];
  for (const one of steps.sort((first, other) => dueAt(first) - dueAt(other))) {
    const last = moments.at(-1);
    if (last && dueAt(one) - dueAt(last.steps[0]!) <= MOMENT_MS) last.steps.push(one);
    else moments.push({ local: one.step.local, steps: [one] });
  }
  return moments;
}

const dueAt = (one: AreaStep) => Date.parse(one.step.due_at);

export interface MergedAdvice extends Advice {
  /** Names of the areas that it is for; empty where it is for all of them. */
  areas: string[];
  /** Until when, each with its areas; one without areas where all say the same. */
  untils: { text: string; areas: string[] }[];
}

/** Rules of all areas; the same words stand there once. */
export function mergeAdvice(areas: Area[], pick: (area: Area) => Advice[]): MergedAdvice[] {
  const found = new Map<string, { advice: Advice; said: { area: string; until: string }[] }>();
  for (const area of areas) {
    for (const advice of pick(area)) {
      const id = `${advice.title}\n${advice.instruction}`;
      const same = found.get(id) ?? { advice: { ...advice, id }, said: [] };
      same.said.push({ area: nameOf(area), until: advice.until_text ?? "" });
      found.set(id, same);
    }
  }
  return [...found.values()].map(({ advice, said }) => ({
    ...advice,
    areas: said.length < areas.length ? said.map((one) => one.area) : [],
    untils: listUntils(said),
  }));
}

function listUntils(said: { area: string; until: string }[]): MergedAdvice["untils"] {
  const texts = [...new Set(said.map((one) => one.until))].filter(Boolean);
  if (texts.length <= 1) return texts.map((text) => ({ text, areas: [] }));
  return texts.map((text) => ({
    text,
    areas: said.filter((one) => one.until === text).map((one) => one.area),
  }));
}

/** The clinic's name for the area. A copy that an earlier version of the app kept has none. */
export function nameOf(area: Area): string {
  return area.area_name ?? area.site;
}

/** Urgent ones first, then in the order of the server: newest treatment first. */
export function sortByUrgency(areas: Area[], isUrgent: (area: Area) => boolean): Area[] {
  return [...areas.filter(isUrgent), ...areas.filter((area) => !isUrgent(area))];
}

export function isPaused(area: Area, now: number): boolean {
  return Boolean(area.paused) && (!area.paused_until || now < Date.parse(area.paused_until));
}
