/** Photos on this phone: made ready to send, kept sealed, shown again. */

import { getCopy, keepCopy } from "../db/copies.ts";
import { NoRoomError } from "../db/database.ts";
import { getPhoto, putPhoto } from "../db/outbox.ts";
import { addPhoto } from "../lib/check_in_form.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { edit } from "./check_ins.ts";

export interface Picture {
  type: string;
  bytes: ArrayBuffer;
}
/** A photo to send, and a small copy that stays on this phone for showing it. */
export interface TakenPhoto extends Picture {
  copy: Picture;
}

const LONG_EDGE = 1600;
const ENOUGH_BYTES = 350_000;
const QUALITIES = [0.82, 0.7, 0.55];
const COPY_EDGE = 800;
const COPY_QUALITY = 0.6;

/** Keeps a photo for the check-in in hand. Rejects with NoRoomError when the phone is full. */
export async function takePhoto(view: string, { copy, ...photo }: TakenPhoto): Promise<void> {
  const id = uuid7();
  await putPhoto({ id, view, ...photo });
  await edit((form) => addPhoto(form, { id, view }));
  await keepCopy({ id, view, ...copy }).catch((error: unknown) => {
    if (!(error instanceof NoRoomError)) throw error;
  });
}

/** The picture of a photo that this phone has, small where it was sent already; null where it has none. */
export async function readPhoto(id: string): Promise<Blob | null> {
  const photo = (await getPhoto(id)) ?? (await getCopy(id));
  return photo && new Blob([photo.bytes], { type: photo.type });
}

/**
 * Makes a photo ready to send. Drawing it anew on a canvas leaves location and other hidden data behind. Rejects when
 * the file is no picture that this phone can read.
 */
export async function preparePhoto(file: Blob): Promise<TakenPhoto> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = draw(picture, LONG_EDGE);
  const small = draw(picture, COPY_EDGE);
  picture.close();
  let blob = await encode(canvas, QUALITIES[0]!);
  for (const quality of QUALITIES.slice(1)) {
    if (blob.size > ENOUGH_BYTES) blob = await encode(canvas, quality);
  }
  return { ...(await read(blob)), copy: await read(await encode(small, COPY_QUALITY)) };
}

const read = async (blob: Blob): Promise<Picture> => ({ type: blob.type, bytes: await blob.arrayBuffer() });

function draw(picture: ImageBitmap, longEdge: number): HTMLCanvasElement {
  const scale = Math.min(1, longEdge / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** WebP, or JPEG where the phone cannot write WebP. */
async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  const toBlob = (type: string) =>
    new Promise<Blob | null>((done) => canvas.toBlob((blob) => done(blob), type, quality));
  const webp = await toBlob("image/webp");
  const blob = webp?.type === "image/webp" ? webp : await toBlob("image/jpeg");
  if (!blob || blob.size === 0) throw new Error("the picture could not be encoded");
  return blob;
}
