/** The check-in in hand: every tap is kept on this phone, and leaving with a red answer sends it. */

import { getCheckIn } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { getPhoto } from "../db/outbox.ts";
import { getResult, keepResult, type KeptResult } from "../db/results.ts";
import * as forms from "../lib/check_in_form.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { now, nowText } from "../lib/clock.ts";
import type { CarePlan, Who } from "../lib/contract.ts";
import { dayOf } from "../lib/day.ts";
import type { OutboxEvent } from "../lib/flush.ts";
import { isRed, moreUrgent } from "../lib/rules.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { isOfToday, keepDraft, setAside, takeBack } from "./drafts.ts";
import { record } from "./sending.ts";
import { draft, isAnswered, me, planOf, today } from "./state.ts";

export function mayTakePhotos(): boolean {
  return me.value?.consents.some((one) => one.kind === "photos" && one.given) ?? false;
}

export function draftPlan(): CarePlan | null {
  return draft.value && planOf(draft.value.care_plan_id);
}

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
  await replaceDraft(forms.startPlanned(plan, { ...planned, key: due.key }, opening(due.day)));
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
  await replaceDraft(forms.startReport(plan, opening(dayOf(plan, now()))));
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

/** Applies a change of the form and keeps it on this phone. */
export async function edit(step: (form: CheckInForm, plan: CarePlan) => CheckInForm): Promise<void> {
  const plan = draftPlan();
  if (draft.value && plan) await keepDraft(step(draft.value, plan));
}

/** While the whole check-in is being saved, leaving must not put a part of it in its place. */
let sending = false;

/** Sends the whole check-in: answers, then photos, in one piece on this phone. Gives its id. */
export async function sendCheckIn(): Promise<string | null> {
  const plan = draftPlan();
  const form = draft.value;
  if (!form || !plan) return null;
  sending = true;
  try {
    await submit(form, plan, null);
    draft.value = null;
  } finally {
    sending = false;
  }
  return form.id;
}

/**
 * Leaving a check-in that holds a red answer sends what there is of it. The form stays open as its correction, so that
 * the person may go on; a second leaving sends only what became more urgent.
 */
export async function sendIfRed(): Promise<string | null> {
  const plan = draftPlan();
  const form = draft.value;
  if (!form || !plan || sending) return null;
  const level = forms.assessForm(form, plan).level;
  const told = form.sentLevel ?? "on_track";
  if (!isRed(level) || (isRed(told) && moreUrgent(told, level) === told)) return null;
  const correction = { ...form, id: uuid7(), amends: form.id, sentLevel: level };
  // At once, so that a second leaving in the same moment finds it sent.
  draft.value = correction;
  await submit(form, plan, correction);
  if (draft.value && draft.value !== correction) await keepDraft(draft.value);
  return form.id;
}

/** `next`: the draft from then on; null: this is the whole check-in. */
async function submit(form: CheckInForm, plan: CarePlan, next: CheckInForm | null): Promise<void> {
  const whole = next === null;
  const at = nowText();
  const body = forms.buildBody(form, plan, at);
  const assessment = forms.assessForm(form, plan);
  await keepResult({
    id: form.id,
    care_plan_id: form.care_plan_id,
    day: form.day,
    made_at: now(),
    level: assessment.level,
    reasons: assessment.fired.map((rule) => rule.title),
    advice: assessment.fired.map((rule) => rule.tell_client),
    sent_at: null,
    server: null,
    answers: forms.answersOf(form, plan),
    excluded: forms.excludedIn(body),
    note: form.note.trim(),
    photos: form.photos,
    amends: form.amends,
  });
  const events: (OutboxEvent & { id: string })[] = [
    { kind: "check_in", id: form.id, body: whole ? body : { ...body, partial: true, photos: [] } },
  ];
  for (const { id, view } of whole ? form.photos : []) {
    const photo = await getPhoto(id);
    if (!photo) continue;
    const about = { care_plan_id: form.care_plan_id, view, occurrence: forms.photoOccurrence(form, plan) };
    events.push({ kind: "photo", id, body: { ...about, taken_at: at, type: photo.type } });
  }
  await record(events, next);
}

/** A check-in's outcome: the phone's own until the server's is there. Not asked for before it has been sent. */
export async function loadResult(id: string): Promise<KeptResult | null> {
  const kept = await getResult(id);
  if (kept && (kept.sent_at === null || kept.server?.reviewed)) return kept;
  try {
    const server = await getCheckIn(id);
    const whole: KeptResult = kept
      ? { ...kept, server, sent_at: kept.sent_at ?? now() }
      : {
          id,
          care_plan_id: null,
          day: 0,
          made_at: Date.parse(server.received_at ?? "") || now(),
          level: server.level,
          reasons: [],
          advice: [],
          sent_at: now(),
          server,
        };
    await keepResult(whole);
    return whole;
  } catch (error) {
    if (error instanceof OfflineError || error instanceof ProblemError) return kept;
    throw error;
  }
}

export async function tellGotHelp(flag: string, who: Who): Promise<void> {
  await record([{ kind: "got_help", id: uuid7(), body: { flag_id: flag, who } }]);
}
