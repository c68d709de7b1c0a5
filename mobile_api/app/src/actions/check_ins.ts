/** The check-in in hand: every tap is kept on this phone, and leaving with a red answer sends it. */

import { getPhoto } from "../db/outbox.ts";
import { keepResult } from "../db/results.ts";
import * as forms from "../lib/check_in_form.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { now, nowText } from "../lib/clock.ts";
import type { CarePlan, Who } from "../lib/contract.ts";
import type { OutboxEvent } from "../lib/flush.ts";
import { isRed, moreUrgent } from "../lib/rules.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { keepDraft } from "./drafts.ts";
import { record } from "./sending.ts";
import { draft, planOf } from "./state.ts";

export function draftPlan(): CarePlan | null {
  return draft.value && planOf(draft.value.care_plan_id);
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

export async function tellGotHelp(flag: string, who: Who): Promise<void> {
  await record([{ kind: "got_help", id: uuid7(), body: { flag_id: flag, who } }]);
}
