/** Pictures on a canvas: drawn anew, so that place and other hidden data stay behind; encoded; measured. */

import { fitEdge, type Size } from "../lib/fit.ts";
import { toLuma } from "../lib/photo_check.ts";

export interface Picture {
  type: string;
  bytes: ArrayBuffer;
}
/** A picture of this size that can be drawn. */
export interface Drawable extends Size {
  source: CanvasImageSource;
}

export function draw({ source, ...size }: Drawable, longEdge: number): HTMLCanvasElement {
  const { width, height } = fitEdge(size, longEdge);
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d", { alpha: false })!.drawImage(source, 0, 0, width, height);
  return canvas;
}

/** JPEG: every phone can write it, and quickly. */
export async function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
  if (!blob || blob.size === 0) throw new Error("the picture could not be encoded");
  return blob;
}

export async function readPicture(blob: Blob): Promise<Picture> {
  return { type: blob.type, bytes: await blob.arrayBuffer() };
}

export interface Luma {
  luma: Float32Array;
  width: number;
}

/** The brightness of each pixel of a small copy. */
export function readLuma(picture: Drawable, longEdge: number): Luma {
  const { width, height } = fitEdge(picture, longEdge);
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true })!;
  context.drawImage(picture.source, 0, 0, width, height);
  return { luma: toLuma(context.getImageData(0, 0, width, height).data), width };
}
