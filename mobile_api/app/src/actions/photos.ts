/** Photos on this phone: made ready to send, kept sealed, shown again. */

import { getServerPhoto, photoAddress } from "../api/photos.ts";
import { getCopy, keepCopy } from "../db/copies.ts";
import { NoRoomError } from "../db/database.ts";
import { getPhoto, putPhoto } from "../db/outbox.ts";
import { addPhoto } from "../lib/check_in_form.ts";
import { fitBytes } from "../lib/fit.ts";
import { CHECK_EDGE, hintOf, measureLook, type Hint } from "../lib/photo_check.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { edit } from "./check_ins.ts";
import { draw, encode, readLuma, readPicture, type Drawable, type Picture } from "./pictures.ts";
import { healing, me, results } from "./state.ts";

export { photoAddress };

/** A photo to send, and a small copy that stays on this phone for showing it. `hint`: what may make it hard to see. */
export interface TakenPhoto extends Picture {
  copy: Picture;
  hint: Hint | null;
}

const COPY_EDGE = 800;
const COPY_QUALITY = 0.6;

/** Whether the client shares photos with the clinic. */
export function mayTakePhotos(): boolean {
  return me.value?.consents.some((one) => one.kind === "photos" && one.given) ?? false;
}

/** Keeps a photo for the check-in in hand. Rejects with NoRoomError when the phone is full. */
export async function takePhoto(view: string, taken: TakenPhoto): Promise<void> {
  const id = await keepTaken(view, taken);
  await edit((form) => addPhoto(form, { id, view }));
}

/** Keeps a photo and its small copy, sealed; gives its new id. Rejects with NoRoomError when the phone is full. */
export async function keepTaken(view: string, { copy, hint: _seen, ...photo }: TakenPhoto): Promise<string> {
  const id = uuid7();
  await putPhoto({ id, view, ...photo });
  await keepCopy({ id, view, ...copy }).catch((error: unknown) => {
    if (!(error instanceof NoRoomError)) throw error;
  });
  return id;
}

/** The picture of a photo that this phone has, small where it was sent already; null where it has none. */
export async function readPhoto(id: string): Promise<Blob | null> {
  const photo = (await getPhoto(id)) ?? (await getCopy(id));
  return photo && new Blob([photo.bytes], { type: photo.type });
}

/** The newest sent photo of this view, to line up with; null where there is none, or none can be had just now. */
export async function findLastPhoto(carePlan: string, view: string): Promise<Blob | null> {
  const known = healing.value?.areas.find((one) => one.care_plan_id === carePlan)?.photos ?? [];
  const own = results.value
    .filter((one) => one.care_plan_id === carePlan)
    .flatMap((one) => (one.photos ?? []).map((photo) => ({ ...photo, at: one.made_at })));
  const photos = [...known.map((photo) => ({ ...photo, at: Date.parse(photo.taken_at) })), ...own];
  const newest = photos
    .filter((one) => one.view === view)
    .reduce<(typeof photos)[number] | null>((best, one) => (best && best.at >= one.at ? best : one), null);
  return newest && ((await readPhoto(newest.id)) ?? (await getServerPhoto(newest.id, "full")));
}

/** Makes a file ready to send. Rejects when it is no picture that this phone can read. */
export async function preparePhoto(file: Blob): Promise<TakenPhoto> {
  return prepareBitmap(await createImageBitmap(file, { imageOrientation: "from-image" }));
}

/** Makes what the camera sees now ready to send. Rejects when it shows nothing yet. */
export async function prepareFrame(video: HTMLVideoElement): Promise<TakenPhoto> {
  return prepareBitmap(await createImageBitmap(video));
}

async function prepareBitmap(source: ImageBitmap): Promise<TakenPhoto> {
  try {
    return await prepare({ source, width: source.width, height: source.height });
  } finally {
    source.close();
  }
}

async function prepare(picture: Drawable): Promise<TakenPhoto> {
  const { luma, width } = readLuma(picture, CHECK_EDGE);
  let drawn: { edge: number; canvas: HTMLCanvasElement } | null = null;
  const blob = await fitBytes((edge, quality) => {
    if (drawn?.edge !== edge) drawn = { edge, canvas: draw(picture, edge) };
    return encode(drawn.canvas, quality);
  });
  const copy = await readPicture(await encode(draw(picture, COPY_EDGE), COPY_QUALITY));
  return { ...(await readPicture(blob)), copy, hint: hintOf(measureLook(luma, width)) };
}
