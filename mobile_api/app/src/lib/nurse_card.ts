/** What a nurse needs to know at a glance, all of it from what is on the phone. */

import type { AnswerMap, AnswerValue, CarePlan, Level, WarningSign } from "./contract.ts";
import { dayOf, isRule, stepId } from "./day.ts";
import type { KeptResult } from "./kept_result.ts";

export interface NurseCard {
  plan: CarePlan;
  day: number;
  /** Titles of creams, masks and sunscreens that the plan has put on the skin in the last three days. */
  onSkin: string[];
  checkIn: CardCheckIn | null;
}
/** A question with its answers in the plan's words; a number stands beside the most that it could be. */
export interface Said {
  question: string;
  labels: string[];
  number: { value: number; most: number } | null;
}
export interface CardCheckIn {
  at: number;
  day: number;
  level: Level | null;
  advice: string[];
  /** Warning signs that were ticked or answered; then everything else that was answered; then what is not there. */
  signs: Said[];
  answers: Said[];
  ruledOut: Said[];
  note: string;
  photos: { id: string; view: string }[];
}

const RECENT_MS = 3 * 24 * 3_600_000;
const ON_SKIN = ["apply", "mask", "protect"];

/**
 * `id`: a check-in, whose newest correction then counts, or a care plan, whose newest check-in does. Null where this phone
 * knows neither.
 */
export function buildNurseCard(
  id: string,
  plans: CarePlan[],
  kept: KeptResult[],
  now: number,
): NurseCard | null {
  const named = kept.find((one) => one.id === id);
  const plan =
    plans.find((one) => one.care_plan_id === (named?.care_plan_id ?? id)) ??
    plans.find((one) => one.earlier.some((each) => each.id === id));
  if (!plan) return null;
  const own = kept.filter((one) => one.care_plan_id === plan.care_plan_id && one.answers);
  const newest = own.toSorted((one, other) => other.made_at - one.made_at)[0];
  const result = named ? findLast(named, own) : newest;
  return {
    plan,
    day: dayOf(plan, now),
    onSkin: listOnSkin(plan, now),
    checkIn: result?.answers ? describeKept(result, plan) : describeEarlier(plan, id),
  };
}

/** A check-in that was sent in part and then whole is one: the last word counts. */
function findLast(first: KeptResult, all: KeptResult[]): KeptResult {
  const next = all.find((one) => one.amends === first.id);
  return next ? findLast(next, all) : first;
}

function describeKept(one: KeptResult, plan: CarePlan): CardCheckIn {
  const facts = sortAnswers(one.answers ?? {}, plan);
  const ruledOut = Object.entries(one.excluded ?? {}).map(([id, values]) => say(plan, id, values));
  const level = one.server?.level ?? one.level;
  const advice = one.server?.advice.map((each) => each.tell_client) ?? one.advice;
  const { made_at: at, day, note = "", photos = [] } = one;
  return { ...facts, at, day, level, advice: [...new Set(advice)], ruledOut, note, photos };
}

/** As the clinic's server has it: of another phone, or of a time before this app kept answers. */
function describeEarlier(plan: CarePlan, id: string): CardCheckIn | null {
  const one = plan.earlier.find((each) => each.id === id) ?? plan.earlier.at(-1);
  if (!one) return null;
  const facts = sortAnswers(one.answers, plan);
  const at = Date.parse(one.answered_at ?? "") || Date.parse(plan.started.ended_at);
  return { ...facts, at, day: one.day, level: null, advice: [], ruledOut: [], note: "", photos: [] };
}

function sortAnswers(answers: AnswerMap, plan: CarePlan): Pick<CardCheckIn, "signs" | "answers"> {
  const given = Object.entries(answers).filter(([id]) => plan.questions[id]);
  const isSign = ([id, value]: [string, AnswerValue]) => signOf(plan, id, value) !== undefined;
  const speak = ([id, value]: [string, AnswerValue]) => say(plan, id, [value]);
  return {
    signs: given.filter(isSign).map(speak),
    answers: given.filter((one) => !isSign(one)).map(speak),
  };
}

function signOf(plan: CarePlan, id: string, value: AnswerValue): WarningSign | undefined {
  return plan.report.signs.find((sign) => sign.question === id && sign.value === value);
}

function say(plan: CarePlan, id: string, values: AnswerValue[]): Said {
  const question = plan.questions[id];
  const [first] = values;
  const number =
    question?.type === "number" && typeof first === "number" && question.max != null
      ? { value: first, most: question.max }
      : null;
  const label = (value: AnswerValue) =>
    signOf(plan, id, value)?.label ??
    question?.options?.find((option) => option.value === value)?.label ??
    String(value);
  return { question: question?.text ?? id, labels: values.map(label), number };
}

function listOnSkin(plan: CarePlan, now: number): string[] {
  const kinds = new Map(plan.steps.map((step) => [step.id, step.kind]));
  const recent = plan.occurrences.filter(
    (one) =>
      one.kind === "care_step" &&
      !one.withheld &&
      !one.provisional &&
      !isRule(one) &&
      ON_SKIN.includes(kinds.get(stepId(one)) ?? "") &&
      Date.parse(one.opens_at) <= now &&
      Date.parse(one.closes_at) > now - RECENT_MS,
  );
  return [...new Set(recent.map((one) => one.title))];
}
