/** Today as the phone sees it: the server's last word, carried on by the plan on the phone and by what waits to be sent. */

import type {
  Area,
  CarePlan,
  CheckInDue,
  Level,
  Occurrence,
  Plan,
  StepEvent,
  StepItem,
  StepState,
  Today,
} from "./contract.ts";
import { isPaused } from "./areas.ts";
import { appDate, daysBetween } from "./dates.ts";

export interface StepTap {
  occurrence: string;
  care_plan_id: string;
  event: StepEvent;
  at: string;
  ends_at?: string;
}

const DOT_DAYS = 14;
const WAITED_FOR: StepState[] = ["upcoming", "open", "started"];
const STARTABLE: StepState[] = ["upcoming", "open"];
const STOPPED_BY_RED = ["mask", "apply"];
const RULE_SPANS = 36 * 3_600_000;
const STATE_AFTER: Record<StepEvent, StepState> = {
  started: "started",
  paused: "started",
  resumed: "started",
  done: "done",
  undone: "open",
  declined: "declined",
  stopped_burning: "declined",
};

/** The day to show at `now`: the server's answer while it is of today, else built from the plan of all days. */
export function decideToday(kept: Today | null, plan: Plan | null, now: number, zone: string): Today | null {
  const date = appDate(now, zone);
  if (kept && (kept.date === date || !plan)) return movedOn(kept, now);
  return plan ? buildToday(plan, kept, now, date) : null;
}

/** Lays taps that the server does not know yet over its answer: the last tap of a step wins. */
export function withTaps(today: Today, taps: StepTap[]): Today {
  const areas = today.areas.map((area) => ({
    ...area,
    steps: area.steps.map((step) => {
      const mine = taps.filter(
        (tap) => tap.care_plan_id === area.care_plan_id && tap.occurrence === step.key,
      );
      return mine.reduce(tapped, step);
    }),
  }));
  return { ...today, areas };
}

/**
 * What a red answer stops while it is only on this phone, as the clinic's server does once it has it: `today` masks and
 * creams, `now` every step (protocols rule 39).
 */
export function withStops(today: Today, unsent: { care_plan_id: string | null; level: Level }[]): Today {
  const areas = today.areas.map((area) => {
    const levels = unsent.filter((one) => one.care_plan_id === area.care_plan_id).map((one) => one.level);
    const stops = (step: StepItem) =>
      levels.includes("now") || (levels.includes("today") && STOPPED_BY_RED.includes(step.kind));
    return { ...area, steps: area.steps.filter((step) => !STARTABLE.includes(step.state) || !stops(step)) };
  });
  return { ...today, areas };
}

function tapped(step: StepItem, tap: StepTap): StepItem {
  const state = STATE_AFTER[tap.event];
  return { ...step, state, ...(tap.ends_at ? { ends_at: tap.ends_at } : {}) };
}

function stateAt(state: StepState, opensAt: string, closesAt: string, now: number): StepState {
  if (state !== "upcoming" && state !== "open") return state;
  if (now >= Date.parse(closesAt)) return "missed";
  return now >= Date.parse(opensAt) ? "open" : "upcoming";
}

function movedOn(today: Today, now: number): Today {
  const areas = today.areas.map((area) => ({
    ...area,
    steps: area.steps.map((step) => ({
      ...step,
      state: stateAt(step.state, step.opens_at, step.closes_at, now),
    })),
  }));
  const due = today.next_check_in;
  const next = due && { ...due, state: stateAt(due.state, due.opens_at, due.closes_at, now) };
  return { ...today, areas, next_check_in: next };
}

/** Check-ins of any area that can be answered now and were not, on this phone or elsewhere; the server's word first. */
export function listOpen(
  today: Today,
  plan: Plan | null,
  isAnswered: (due: CheckInDue) => boolean,
  now: number,
): CheckInDue[] {
  const first = today.next_check_in;
  const others = (plan?.plans ?? []).filter((one) => one.care_plan_id !== first?.care_plan_id);
  const due = others.flatMap((one) => listDue(one, now)).sort(byTime);
  return [...(first ? [first] : []), ...due].filter((one) => one.state === "open" && !isAnswered(one));
}

/** After an area's check-in was answered on this phone, that of the next area is the one to do. */
export function withNext(
  today: Today,
  plan: Plan | null,
  isAnswered: (due: CheckInDue) => boolean,
  now: number,
): Today {
  const first = today.next_check_in;
  if (!first || !isAnswered(first)) return today;
  return { ...today, next_check_in: listOpen(today, plan, isAnswered, now)[0] ?? first };
}

const byTime = (one: CheckInDue, other: CheckInDue) => Date.parse(one.due_at) - Date.parse(other.due_at);

function buildToday(plan: Plan, kept: Today | null, now: number, date: string): Today {
  const areas = plan.plans.map((one) => buildArea(one, kept, now));
  const waiting = plan.plans.flatMap((one) => listDue(one, now));
  const due = waiting.sort(byTime)[0] ?? null;
  const silence = kept?.silence ?? { missed: 0, stopped: false };
  return { now: plan.now, date, areas, banner: kept?.banner ?? null, next_check_in: due, silence };
}

function buildArea(plan: CarePlan, kept: Today | null, now: number): Area {
  const before = kept?.areas.find((area) => area.care_plan_id === plan.care_plan_id);
  const day = dayOf(plan, now);
  const phase = plan.phases.find((one) => one.from_day <= day && day <= one.to_day) ?? plan.phases.at(-1);
  const running = plan.occurrences.filter(
    (one) => one.kind === "care_step" && !one.withheld && !one.provisional && isOn(plan, one, now),
  );
  const kindOf = (one: Occurrence) => plan.steps.find((step) => step.id === stepId(one))?.kind;
  const rules = running.filter(isRule);
  const paused = before !== undefined && isPaused(before, now);
  const rule = (one: Occurrence) => ({
    id: stepId(one),
    title: one.title,
    instruction: instructionOf(plan, one),
  });
  return {
    care_plan_id: plan.care_plan_id,
    method_name: before?.method_name ?? plan.method.name,
    label: before?.label ?? "",
    site: plan.site,
    ...(before?.area_name ? { area_name: before.area_name } : {}),
    paused,
    paused_until: paused ? (before?.paused_until ?? null) : null,
    day,
    phase: { name: phase?.name ?? "", what_is_usual: phase?.what_is_usual ?? "" },
    dots: buildDots(before?.dots ?? [], day, paused),
    steps: running.filter((one) => !isRule(one)).map((one) => buildStep(plan, one, now)),
    avoid: rules.filter((one) => kindOf(one) === "avoid").map(rule),
    as_needed: rules.filter((one) => kindOf(one) !== "avoid").map(rule),
    not_yet: before?.not_yet ?? [],
    last_word: before?.last_word ?? null,
    waiting: before?.waiting ?? [],
    finished: before?.finished ?? false,
    flag: before?.flag ?? null,
  };
}

function buildDots(known: Area["dots"], day: number, paused: boolean): Area["dots"] {
  return Array.from({ length: Math.max(DOT_DAYS, day + 1) }, (_, i) => {
    const before = known.find((dot) => dot.day === i)?.state;
    if (i === day) return { day: i, state: before === "done" ? "done" : "today" };
    if (i > day) return { day: i, state: "upcoming" };
    return { day: i, state: before === "done" ? "done" : paused ? "upcoming" : "missed" };
  });
}

export interface Dot {
  /** A day number, or a week's, from 1. */
  number: number;
  state: Area["dots"][number]["state"];
}

/** The hero's row: 14 days; after day 14 a dot is a week, filled when there was a check-in in it. */
export function listDots(area: Pick<Area, "day" | "dots">): { weeks: boolean; dots: Dot[] } {
  const days = area.dots.map(({ day, state }) => ({ number: day, state }));
  if (area.day <= DOT_DAYS) return { weeks: false, dots: days.slice(0, DOT_DAYS) };
  const now = Math.floor(area.day / 7);
  const weeks = Array.from({ length: now + 1 }, (_, week): Dot => {
    const checked = days.some((dot) => Math.floor(dot.number / 7) === week && dot.state === "done");
    return { number: week + 1, state: week === now ? "today" : checked ? "done" : "missed" };
  });
  return { weeks: true, dots: weeks.slice(-DOT_DAYS) };
}

function buildStep(plan: CarePlan, one: Occurrence, now: number): StepItem {
  const step = plan.steps.find((known) => known.id === stepId(one));
  const minutes = step?.duration_min;
  return {
    ...one,
    step_id: stepId(one),
    instruction: step?.instruction ?? "",
    kind: step?.kind ?? "do",
    state: stateAt(one.state, one.opens_at, one.closes_at, now),
    timer:
      step?.kind === "mask" && minutes
        ? { minutes_default: minutes.default, minutes_min: minutes.min, minutes_max: minutes.max }
        : null,
  };
}

/** A rule or something for when it is needed: open over days, nothing to tick. */
export function isRule(one: Pick<Occurrence, "opens_at" | "closes_at">): boolean {
  return Date.parse(one.closes_at) - Date.parse(one.opens_at) > RULE_SPANS;
}

function instructionOf(plan: CarePlan, one: Occurrence): string {
  return plan.steps.find((step) => step.id === stepId(one))?.instruction ?? "";
}

/** Due on this day, or a rule that is open now. */
function isOn(plan: CarePlan, one: Occurrence, now: number): boolean {
  if (isRule(one)) return Date.parse(one.opens_at) <= now && now < Date.parse(one.closes_at);
  return daysBetween(plan.day0, appDate(Date.parse(one.due_at), plan.started.zone)) === dayOf(plan, now);
}

export function stepId(one: { key: string }): string {
  return one.key.split("@")[0]!;
}

/** The plan's day number now; the hours before 04:00 belong to the day before. */
export function dayOf(plan: CarePlan, now: number): number {
  return Math.max(0, daysBetween(plan.day0, appDate(now, plan.started.zone)));
}

function listDue(plan: CarePlan, now: number): CheckInDue[] {
  return plan.occurrences
    .filter((one) => one.kind === "check_in" && WAITED_FOR.includes(one.state))
    .filter((one) => now < Date.parse(one.closes_at))
    .slice(0, 1)
    .map((one) => ({ ...one, state: stateAt(one.state, one.opens_at, one.closes_at, now), deep: false }));
}
