/** What photos are taken for: the views of a check-in one after the other, or one picture for a message. */

import { edit } from "../actions/check_ins.ts";
import { attachPhoto, MESSAGE_VIEW, messagePhoto, removePhoto } from "../actions/message_photo.ts";
import { takePhoto, type TakenPhoto } from "../actions/photos.ts";
import { draft } from "../actions/state.ts";
import { dropPhoto, nextView, type CheckInForm } from "../lib/check_in_form.ts";
import type { CarePlan } from "../lib/contract.ts";
import { checkInWords } from "../strings/check_in.ts";

export interface PhotoTask {
  views: string[];
  /** The view to take now; the last one, where each is settled. */
  view: string;
  /** Keeps a photo on this phone. Rejects with NoRoomError. */
  keep(view: string, taken: TakenPhoto): Promise<void>;
  /** Takes a photo back, so that its view comes again. */
  retake(view: string): Promise<void>;
  skip: ((view: string) => Promise<void>) | null;
  /** The view that comes next; null once each is settled. */
  next(): string | null;
}

export function checkInTask(form: CheckInForm): PhotoTask {
  return {
    views: form.views,
    view: nextView(form) ?? form.views[form.views.length - 1]!,
    keep: takePhoto,
    retake: (view) => edit((one) => dropPhoto(one, view)),
    skip: (view) => edit((one) => ({ ...one, skippedViews: [...one.skippedViews, view] })),
    next: () => draft.value && nextView(draft.value),
  };
}

export const messageTask: PhotoTask = {
  views: [MESSAGE_VIEW],
  view: MESSAGE_VIEW,
  keep: (_view, taken) => attachPhoto(taken),
  retake: () => removePhoto(),
  skip: null,
  next: () => (messagePhoto.value ? null : MESSAGE_VIEW),
};

export function labelOf(plan: CarePlan, view: string): string {
  return plan.photo_protocol.views.find((one) => one.id === view)?.label ?? checkInWords.checkIn.photo;
}
