/** The check-in in hand, and those that were laid aside for it: a worry in the middle of the daily one loses neither. */

import { forget, getKept, keep } from "../db/kept.ts";
import { dropPhotos, sweepPhotos } from "../db/outbox.ts";
import { isEmpty, type CheckInForm } from "../lib/check_in_form.ts";
import { now } from "../lib/clock.ts";
import { dayOf } from "../lib/day.ts";
import { path } from "../lib/router.ts";
import { orSayFull } from "./room.ts";
import { asides, draft, healing, planOf, results } from "./state.ts";
import { tellTabs } from "./tabs.ts";

const DAY = 24 * 3_600_000;

/** Makes this the draft and keeps it on this phone. */
export async function keepDraft(form: CheckInForm | null): Promise<void> {
  draft.value = form;
  await orSayFull(() => (form ? keep("draft", form) : forget("draft")));
  tellTabs("draft");
}

async function keepAsides(forms: CheckInForm[]): Promise<void> {
  asides.value = forms;
  await orSayFull(() => keep("drafts_aside", forms));
}

/** Lays the draft aside; one that nothing was put into goes. */
export async function setAside(): Promise<void> {
  const form = draft.value;
  if (!form) return;
  if (isEmpty(form)) await dropPhotos(form.photos.map((photo) => photo.id));
  else await keepAsides([...asides.value, form]);
}

/** Takes up what was laid aside, if it is there; what is in hand takes its place. */
export async function takeBack(isWanted: (form: CheckInForm) => boolean): Promise<boolean> {
  const wanted = asides.value.find(isWanted);
  if (!wanted) return false;
  await setAside();
  await keepDraft(wanted);
  await keepAsides(asides.value.filter((form) => form !== wanted));
  return true;
}

/** At the start: what was begun is taken up again; a red answer that was never sent is sent. */
export async function restoreDrafts(sendIfRed: () => Promise<unknown>): Promise<void> {
  draft.value = await getKept("draft");
  asides.value = (await getKept("drafts_aside")) ?? [];
  if (draft.value) await sendIfRed();
}

/**
 * Lets go of what is of another day or was sent, and of photos that nothing needs. Only once the server has said what
 * time it is: a phone whose clock was set a day ahead must not lose what was begun. Not while a check-in is open.
 */
export async function clearDrafts(): Promise<void> {
  if (/^\/(check-in|report)\//.test(path.value)) return;
  if (draft.value && isOver(draft.value)) await keepDraft(null);
  const over = asides.value.filter(isOver);
  if (over.length > 0) await keepAsides(asides.value.filter((form) => !over.includes(form)));
  const holders = [draft.value, ...asides.value, ...results.value, ...(healing.value?.areas ?? [])];
  const photos = holders.flatMap((one) => one?.photos ?? []);
  const attached = (await getKept("message_photo")) ?? "";
  await sweepPhotos(new Set([attached, ...photos.map((photo) => photo.id)]), now() - DAY);
}

function isOver(form: CheckInForm): boolean {
  const sent = results.value.some((one) => one.id === form.id && one.sent_at !== null);
  return sent || !isOfToday(form);
}

export function isOfToday(form: CheckInForm): boolean {
  const plan = planOf(form.care_plan_id);
  return plan === null || form.day === dayOf(plan, now());
}
