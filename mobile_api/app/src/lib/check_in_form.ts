/** A check-in in the making: what is asked, what was answered, and what is sent. Pure; every change gives a new form. */

import type {
  Answer,
  AnswerMap,
  AnswerValue,
  CarePlan,
  CheckInBody,
  CheckInFacts,
  Level,
  WarningSign,
} from "./contract.ts";
import { askNext, assess, moreUrgent, type Assessment } from "./rules.ts";

export type PageName = "asked" | "signs" | "photo" | "send";

export interface CheckInForm {
  id: string;
  care_plan_id: string;
  occurrence: string | null;
  kind: "planned" | "report";
  day: number;
  pages: PageName[];
  asked: string[];
  signs: WarningSign[];
  views: string[];
  /** Follow-up questions shown so far; once shown they stay. */
  more: string[];
  answers: AnswerMap;
  ticks: string[];
  /** The page of warning signs was left by its button: what is not ticked was ruled out. */
  signsConfirmed: boolean;
  photos: { id: string; view: string }[];
  skippedViews: string[];
  note: string;
  amends: string | null;
  /** The level that was already sent ahead, when the person left before the end. */
  sentLevel: Level | null;
}

export function tickOf(sign: WarningSign): string {
  return `${sign.question}=${sign.value}`;
}

export function setAnswer(form: CheckInForm, question: string, value: AnswerValue): CheckInForm {
  return { ...form, answers: { ...form.answers, [question]: value } };
}

export function toggleTick(form: CheckInForm, sign: WarningSign): CheckInForm {
  const tick = tickOf(sign);
  const ticks = form.ticks.includes(tick) ? form.ticks.filter((one) => one !== tick) : [...form.ticks, tick];
  return { ...form, ticks, signsConfirmed: false };
}

/** Leaving the page of warning signs by its button; also adds the follow-up questions that are now called for. */
export function confirmSigns(form: CheckInForm): CheckInForm {
  return { ...form, signsConfirmed: true };
}

/** Adds the questions that the answers so far call for; asked again after each answer (protocols rule 21). */
export function addFollowUps(form: CheckInForm, plan: CarePlan): CheckInForm {
  const answered = Object.keys(answersOf(form, plan));
  const asked = [...form.asked, ...form.more, ...answered];
  const next = askNext(plan.follow_ups, answersOf(form, plan), asked, form.day, plan.site);
  const more = next.filter((id) => plan.questions[id]);
  return more.length > 0 ? { ...form, more: [...form.more, ...more] } : form;
}

export function addPhoto(form: CheckInForm, photo: { id: string; view: string }): CheckInForm {
  return { ...form, photos: [...form.photos.filter((one) => one.view !== photo.view), photo] };
}

export function dropPhoto(form: CheckInForm, view: string): CheckInForm {
  return {
    ...form,
    photos: form.photos.filter((one) => one.view !== view),
    skippedViews: form.skippedViews.filter((one) => one !== view),
  };
}

/** The next view that has neither a photo nor a skip. */
export function nextView(form: CheckInForm): string | null {
  const settled = [...form.photos.map((photo) => photo.view), ...form.skippedViews];
  return form.views.find((view) => !settled.includes(view)) ?? null;
}

/** Questions of a page that have no answer yet, in the order of the page. */
export function missing(form: CheckInForm, page: "asked" | "more"): string[] {
  return form[page].filter((question) => form.answers[question] === undefined);
}

/**
 * Everything answered. Where two ticks stand for one question, the answer is the one that makes the whole check-in
 * most urgent: a question carries one value, and the graver one must not be lost.
 */
export function answersOf(form: CheckInForm, plan: CarePlan): AnswerMap {
  const choices = new Map<string, AnswerValue[]>();
  for (const sign of form.signs) {
    if (!form.ticks.includes(tickOf(sign))) continue;
    choices.set(sign.question, [...(choices.get(sign.question) ?? []), sign.value]);
  }
  let combinations: AnswerMap[] = [{ ...form.answers }];
  for (const [question, values] of choices) {
    combinations = combinations.flatMap((answers) =>
      values.map((value) => ({ ...answers, [question]: value })),
    );
  }
  let best = combinations[0]!;
  let bestLevel = combinations.length > 1 ? judge(form, plan, best).level : null;
  for (const answers of combinations.slice(1)) {
    const level = judge(form, plan, answers).level;
    if (level !== bestLevel && moreUrgent(level, bestLevel!) === level) [best, bestLevel] = [answers, level];
  }
  return best;
}

function judge(form: CheckInForm, plan: CarePlan, answers: AnswerMap): Assessment {
  const facts: CheckInFacts = { day: form.day, answers, planned: form.kind === "planned" };
  return assess(plan, facts, plan.earlier);
}

/** What the plan's rules say about the answers so far. A ticked sign counts at least with the level it carries. */
export function assessForm(form: CheckInForm, plan: CarePlan): Assessment {
  const assessment = judge(form, plan, answersOf(form, plan));
  const ticked = form.signs.filter((sign) => form.ticks.includes(tickOf(sign)));
  const level = ticked.reduce((most, sign) => moreUrgent(most, sign.level), assessment.level);
  return { ...assessment, level };
}

/** Whether anything was put in at all. */
export function isEmpty(form: CheckInForm): boolean {
  return Object.keys(form.answers).length + form.ticks.length + form.photos.length === 0;
}

/** The body of POST /check-ins. What was not asked or not answered is left out; `partial` says so. */
export function buildBody(form: CheckInForm, plan: CarePlan, answeredAt: string): CheckInBody {
  const answers = answersOf(form, plan);
  const given: Answer[] = Object.entries(answers).map(([question, value]) => ({ question, value }));
  const unanswered = [...missing(form, "asked"), ...missing(form, "more")];
  const open = unanswered.filter((question) => answers[question] === undefined);
  return {
    id: form.id,
    care_plan_id: form.care_plan_id,
    occurrence: form.occurrence,
    kind: form.kind,
    answered_at: answeredAt,
    answers: [...given, ...(form.signsConfirmed ? excludedOf(form, answers) : [])],
    ...(form.note.trim() ? { note: form.note.trim() } : {}),
    ...(form.amends ? { amends: form.amends } : {}),
    partial: open.length > 0 || (form.signs.length > 0 && !form.signsConfirmed),
    photos: form.photos.map((photo) => photo.id),
  };
}

function excludedOf(form: CheckInForm, answers: AnswerMap): Answer[] {
  const ruledOut = new Map<string, AnswerValue[]>();
  for (const sign of form.signs) {
    if (answers[sign.question] !== undefined) continue;
    ruledOut.set(sign.question, [...(ruledOut.get(sign.question) ?? []), sign.value]);
  }
  return [...ruledOut].map(([question, excluded]) => ({ question, excluded }));
}

/** What a sent check-in ruled out, by question. */
export function excludedIn(body: CheckInBody): Record<string, AnswerValue[]> {
  return Object.fromEntries(
    body.answers.flatMap((one) => ("excluded" in one ? [[one.question, one.excluded] as const] : [])),
  );
}

/** The photo check-in that this one's photos belong to; photos before the treatment are the clinic's. */
export function photoOccurrence(form: CheckInForm, plan: CarePlan): string | null {
  if (form.kind === "report") return null;
  const photos = plan.occurrences.filter((one) => one.kind === "photo" && one.day === form.day);
  return photos.find((one) => !one.key.endsWith("#before"))?.key ?? null;
}
