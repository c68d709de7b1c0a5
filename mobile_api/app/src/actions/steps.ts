import { keepTimer, listTimers } from "../db/timers.ts";
import { instantText, now, nowText } from "../lib/clock.ts";
import type { Rule, StepEvent, StepItem } from "../lib/contract.ts";
import { dayOf } from "../lib/day.ts";
import { assess } from "../lib/rules.ts";
import { pauseTimer, resumeTimer, startTimer, timeLeft, type MaskTimer } from "../lib/timer.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { record } from "./sending.ts";
import { planOf, timers, today } from "./state.ts";

const MASK_QUESTION = "mask_burned";

async function log(
  care_plan_id: string,
  occurrence: string,
  event: StepEvent,
  extra: { id?: string; at?: string; ends_at?: string } = {},
): Promise<void> {
  const { id = uuid7(), at = nowText(), ...ends } = extra;
  await record([{ kind: "step_log", id, body: { id, care_plan_id, occurrence, event, at, ...ends } }]);
}

/** A tick, or its undoing by a second tap. */
export async function tickStep(carePlan: string, step: StepItem): Promise<void> {
  await log(carePlan, step.key, step.state === "done" ? "undone" : "done");
}

async function setTimer(timer: MaskTimer): Promise<void> {
  await keepTimer(timer);
  timers.value = await listTimers();
}

export async function startMask(carePlan: string, step: StepItem): Promise<MaskTimer> {
  const minutes = step.timer?.minutes_default ?? 0;
  const basics = { id: uuid7(), care_plan_id: carePlan, occurrence: step.key, title: step.title, minutes };
  const timer = startTimer(basics, now());
  await setTimer(timer);
  const ends = { id: timer.id, ends_at: instantText(timer.ends_at) };
  await log(carePlan, step.key, "started", ends);
  return timer;
}

/** The timer of a step that runs: this phone's own, or one that was started on another phone. */
export async function openTimer(carePlan: string, step: StepItem): Promise<MaskTimer | null> {
  const own = findTimer(carePlan, step.key);
  if (own) return own;
  if (!step.ends_at) return null;
  const timer: MaskTimer = {
    id: uuid7(),
    care_plan_id: carePlan,
    occurrence: step.key,
    title: step.title,
    minutes: step.timer?.minutes_default ?? 0,
    ends_at: Date.parse(step.ends_at),
    paused_at: null,
    ended: null,
  };
  await setTimer(timer);
  return timer;
}

/** The timer of a step that has not ended on this phone; the newest one counts. */
export function findTimer(carePlan: string, occurrence: string): MaskTimer | null {
  const running = timers.value.filter(
    (timer) => timer.care_plan_id === carePlan && timer.occurrence === occurrence && timer.ended === null,
  );
  return running.toSorted((one, other) => other.ends_at - one.ends_at)[0] ?? null;
}

export async function pauseMask(timer: MaskTimer): Promise<void> {
  await setTimer(pauseTimer(timer, now()));
  await log(timer.care_plan_id, timer.occurrence, "paused");
}

export async function resumeMask(timer: MaskTimer): Promise<void> {
  const resumed = resumeTimer(timer, now());
  await setTimer(resumed);
  await log(timer.care_plan_id, timer.occurrence, "resumed", { ends_at: instantText(resumed.ends_at) });
}

/** Rinsed off: by hand now, or by the clock at its end. */
export async function finishMask(timer: MaskTimer): Promise<void> {
  if (timer.ended) return;
  await setTimer({ ...timer, ended: "done" });
  const at = timeLeft(timer, now()) <= 0 ? instantText(timer.ends_at) : nowText();
  await log(timer.care_plan_id, timer.occurrence, "done", { at });
}

/** It burns: said to the clinic at once; the advice comes from the plan on this phone. */
export async function stopBurning(timer: MaskTimer): Promise<void> {
  if (timer.ended) return;
  await setTimer({ ...timer, ended: "burning" });
  await log(timer.care_plan_id, timer.occurrence, "stopped_burning");
}

/** What the plan says to someone whose mask burned. */
export function burningAdvice(carePlan: string): Rule[] {
  const plan = planOf(carePlan);
  if (!plan) return [];
  const facts = { day: dayOf(plan, now()), answers: { [MASK_QUESTION]: "yes" }, planned: false };
  return assess(plan, facts, plan.earlier).fired;
}

export function maskQuestion(carePlan: string) {
  return planOf(carePlan)?.questions[MASK_QUESTION] ?? null;
}

/** The question that follows every mask (protocols rule 60), as a follow-up check-in. */
export async function answerMask(timer: MaskTimer, value: string | number): Promise<void> {
  const id = uuid7();
  const answers = [{ question: MASK_QUESTION, value }];
  const body = {
    id,
    care_plan_id: timer.care_plan_id,
    occurrence: null,
    kind: "follow_up" as const,
    answered_at: nowText(),
    answers,
    partial: false,
    photos: [],
  };
  await record([{ kind: "check_in", id, body }]);
}

export function stepOf(carePlan: string, occurrence: string): StepItem | null {
  const area = today.value?.areas.find((one) => one.care_plan_id === carePlan);
  return area?.steps.find((one) => one.key === occurrence) ?? null;
}
