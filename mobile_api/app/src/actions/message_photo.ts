/** The photo that goes with the message in hand: kept sealed on this phone until it is sent. */

import { forget, getKept, keep } from "../db/kept.ts";
import { dropPhotos, getPhoto } from "../db/outbox.ts";
import { nowText } from "../lib/clock.ts";
import type { OutboxEvent } from "../lib/flush.ts";
import { keepTaken, type TakenPhoto } from "./photos.ts";
import { orSayFull } from "./room.ts";
import { messagePhoto, outbox, plan } from "./state.ts";

export { messagePhoto };
/** Stands where a check-in's photo has the view of the plan. */
export const MESSAGE_VIEW = "message";

/** A photo is kept with a plan: without one there is nothing to send it to. */
export const canSendPhoto = () => (plan.value?.plans.length ?? 0) > 0;

/** What was attached before the app was left. One that stands in the queue has been sent along. */
export async function restoreMessagePhoto(): Promise<void> {
  const kept = (await getKept("message_photo")) ?? null;
  const sent = outbox.value.some((item) => item.id === kept);
  messagePhoto.value = sent ? null : kept;
}

/** Puts a photo to the message, in place of the one before. Rejects with NoRoomError when the phone is full. */
export async function attachPhoto(taken: TakenPhoto): Promise<void> {
  const before = messagePhoto.value;
  const id = await keepTaken(MESSAGE_VIEW, taken);
  await keep("message_photo", id);
  messagePhoto.value = id;
  if (before) await dropPhotos([before]);
}

export async function removePhoto(): Promise<void> {
  const before = messagePhoto.value;
  messagePhoto.value = null;
  await forget("message_photo");
  if (before) await dropPhotos([before]);
}

/** Once the message with it is safe: the photo is not that of the next one. */
export async function settlePhoto(): Promise<void> {
  if (messagePhoto.value === null) await orSayFull(() => forget("message_photo"));
}

/** The photo as it is sent after its message; null where this phone has it no more, or cannot open it. */
export async function buildPhotoEvent(
  id: string,
  message: string,
): Promise<(OutboxEvent & { id: string }) | null> {
  const photo = await getPhoto(id);
  const carePlan = plan.value?.plans[0]?.care_plan_id;
  if (!photo || !carePlan) return null;
  const about = { care_plan_id: carePlan, view: MESSAGE_VIEW, occurrence: null, message };
  return { kind: "photo", id, body: { ...about, taken_at: nowText(), type: photo.type } };
}
