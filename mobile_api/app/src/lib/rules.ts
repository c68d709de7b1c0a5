/** Runs the plan's help rules on the phone (protocols rules 30 to 38), so that advice needs no connection. */

import type {
  AnswerMap,
  AnswerValue,
  CheckInFacts,
  Condition,
  Level,
  Rule,
  Trigger,
  UsualRow,
} from "./contract.ts";

export interface RuleSet {
  site: string;
  rules: Rule[];
  signs: Record<string, UsualRow[]>;
  modifiers: string[];
}
export interface MoreThanUsual {
  question: string;
  value: AnswerValue;
  row: UsualRow;
}
export interface Assessment {
  level: Level;
  /** Rules that fired: by urgency, then in the order of the plan. */
  fired: Rule[];
  moreThanUsual: MoreThanUsual[];
}

const LEVEL_OF = { emergency: "now", same_day: "today", practitioner_review: "watch" } as const;
const ORDER: Level[] = ["on_track", "watch", "today", "now"];

export function moreUrgent(one: Level, other: Level): Level {
  return ORDER.indexOf(one) >= ORDER.indexOf(other) ? one : other;
}

export function isRed(level: Level): boolean {
  return level === "today" || level === "now";
}

export function levelOf(rule: Rule): Level {
  return LEVEL_OF[rule.urgency];
}

/** Judges one check-in. `earlier`: oldest first, without check-ins that a later one corrects. */
export function assess(set: RuleSet, checkIn: CheckInFacts, earlier: CheckInFacts[]): Assessment {
  const history = [...earlier, checkIn];
  const fired = set.rules.filter((rule) => fires(set, rule, history));
  const sorted = ORDER.toReversed().flatMap((level) => fired.filter((rule) => levelOf(rule) === level));
  const level = sorted[0] ? levelOf(sorted[0]) : "on_track";
  return { level, fired: sorted, moreThanUsual: findMoreThanUsual(set, checkIn) };
}

function fires(set: RuleSet, rule: Rule, history: CheckInFacts[]): boolean {
  const checkIn = history[history.length - 1]!;
  if (!rule.sites.includes(set.site)) return false;
  const fromZero = rule.urgency === "same_day" && set.modifiers.includes("weak_immunity");
  if (!fromZero && checkIn.day < (rule.from_day ?? 0)) return false;
  const reported = !checkIn.planned && rule.urgency !== "practitioner_review";
  if (!reported && rule.to_day != null && checkIn.day > rule.to_day) return false;
  return meets(rule.trigger, (condition) => holds(set, condition, history, fromZero));
}

function meets(trigger: Trigger, test: (condition: Condition) => boolean): boolean {
  if (trigger.any) return trigger.any.some(test);
  return (trigger.all ?? []).length > 0 && trigger.all!.every(test);
}

function holds(set: RuleSet, condition: Condition, history: CheckInFacts[], fromZero: boolean): boolean {
  const question = condition.question;
  const checkIn = history[history.length - 1]!;
  if (!question || checkIn.answers[question] === undefined) return false;
  if (!fromZero && checkIn.day < (condition.from_day ?? 0)) return false;
  const wanted = condition.answers_in_a_row ?? 1;
  const answered = history.filter((one) => one.answers[question] !== undefined);
  if (answered.length < wanted) return false;
  const first = answered.length - wanted;
  return answered.slice(first).every((one, i) => fits(set, condition, one, answered.slice(0, first + i)));
}

function fits(set: RuleSet, condition: Condition, checkIn: CheckInFacts, before: CheckInFacts[]): boolean {
  const question = condition.question!;
  const answer = checkIn.answers[question]!;
  const { op, value } = condition;
  switch (op) {
    case "==":
      return answer === value;
    case "!=":
      return answer !== value;
    case "in":
      return Array.isArray(value) && value.includes(answer);
    case ">=":
      return isNumber(answer) && isNumber(value) && answer >= value;
    case "<=":
      return isNumber(answer) && isNumber(value) && answer <= value;
    case "rise_by":
      return rises(
        answer,
        value,
        earlierAnswer(question, checkIn.day - (condition.compare_days ?? 1), before),
      );
    case "above_expected": {
      const high = usualRow(set.signs, question, checkIn.day)?.high;
      return isNumber(answer) && isNumber(high) && answer - high > (isNumber(value) ? value : 0);
    }
    default:
      return false;
  }
}

function rises(answer: AnswerValue, by: Condition["value"], before: AnswerValue | undefined): boolean {
  return isNumber(answer) && isNumber(by) && isNumber(before) && answer - before >= by;
}

/** The last answer given on `day`, else the last one before that day (rule 32). */
function earlierAnswer(question: string, day: number, before: CheckInFacts[]): AnswerValue | undefined {
  const candidates = before.filter((one) => one.day <= day);
  const nearest = Math.max(...candidates.map((one) => one.day));
  return candidates.findLast((one) => one.day === nearest)?.answers[question];
}

export function usualRow(signs: RuleSet["signs"], question: string, day: number): UsualRow | undefined {
  return signs[question]?.find((row) => row.from_day <= day && day <= row.to_day);
}

function findMoreThanUsual(set: RuleSet, checkIn: CheckInFacts): MoreThanUsual[] {
  return Object.entries(checkIn.answers).flatMap(([question, value]) => {
    const row = usualRow(set.signs, question, checkIn.day);
    const above = row && isNumber(row.high) && isNumber(value) && value > row.high;
    const outside = row?.allowed && !row.allowed.includes(value);
    return row && (above || outside) ? [{ question, value, row }] : [];
  });
}

/** Questions that the answers call for and that were not asked yet (rule 21); events are the server's to know. */
export function askNext(
  followUps: { when: Trigger; ask: string[]; sites?: string[] | null }[],
  answers: AnswerMap,
  asked: string[],
  day: number,
  site: string,
): string[] {
  const facts: CheckInFacts = { day, answers, planned: true };
  const set: RuleSet = { site, rules: [], signs: {}, modifiers: [] };
  const wanted = followUps
    .filter((rule) => !rule.sites || rule.sites.includes(site))
    .filter((rule) => meets(rule.when, (condition) => holds(set, condition, [facts], false)))
    .flatMap((rule) => rule.ask);
  return [...new Set(wanted)].filter((question) => !asked.includes(question));
}

function isNumber(value: unknown): value is number {
  return typeof value === "number";
}
