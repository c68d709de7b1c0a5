/** Which check-in is taken in hand: the one that is due, a report, or what was left of either. */

import type { CheckInForm } from "../lib/check_in_form.ts";
import { startPlanned, startReport } from "../lib/check_in_start.ts";
import { now } from "../lib/clock.ts";
import { dayOf } from "../lib/day.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { sendIfRed } from "./check_ins.ts";
import { isOfToday, keepDraft, setAside, takeBack } from "./drafts.ts";
import { mayTakePhotos } from "./photos.ts";
import { draft, isAnswered, planOf, today } from "./state.ts";

/** Opens the check-in that is due, or the draft of it that was left. False when none is open. */
export async function openPlanned(): Promise<boolean> {
  const due = today.value?.next_check_in;
  const plan = due && planOf(due.care_plan_id);
  if (!due || !plan || isAnswered(due)) return false;
  if (draft.value?.occurrence === due.key && draft.value.care_plan_id === due.care_plan_id) return true;
  // A second look (check_again@dN) asks what its day asks.
  const planned = plan.check_ins.find((one) => one.key === due.key || one.day === due.day);
  if (!planned) return false;
  await sendIfRed();
  if (await takeBack((form) => form.occurrence === due.key && form.care_plan_id === due.care_plan_id))
    return true;
  await replaceDraft(startPlanned(plan, { ...planned, key: due.key }, opening(due.day)));
  return true;
}

export async function openReport(carePlan?: string): Promise<boolean> {
  const plan = planOf(carePlan);
  if (!plan) return false;
  const kept = draft.value;
  // A report that was sent on leaving is finished: a new worry is a new report.
  const isOpen = (form: CheckInForm) =>
    form.kind === "report" && form.care_plan_id === plan.care_plan_id && !form.amends && isOfToday(form);
  if (kept && isOpen(kept)) return true;
  await sendIfRed();
  if (await takeBack(isOpen)) return true;
  await replaceDraft(startReport(plan, opening(dayOf(plan, now()))));
  return true;
}

function opening(day: number) {
  return { id: uuid7(), day, mayTakePhotos: mayTakePhotos() };
}

/** What was begun makes room without being lost; what it holds of a red level has been sent. */
async function replaceDraft(form: CheckInForm): Promise<void> {
  await setAside();
  await keepDraft(form);
}
