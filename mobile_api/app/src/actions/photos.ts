/** Makes a photo ready to send. Drawing it anew on a canvas leaves location and other hidden data behind. */

export interface TakenPhoto {
  type: string;
  bytes: ArrayBuffer;
}

const LONG_EDGE = 1600;
const ENOUGH_BYTES = 350_000;
const QUALITIES = [0.82, 0.7, 0.55];

/** Rejects when the file is no picture that this phone can read. */
export async function preparePhoto(file: Blob): Promise<TakenPhoto> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONG_EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")!.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  let blob = await encode(canvas, QUALITIES[0]!);
  for (const quality of QUALITIES.slice(1)) {
    if (blob.size > ENOUGH_BYTES) blob = await encode(canvas, quality);
  }
  return { type: blob.type, bytes: await blob.arrayBuffer() };
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
