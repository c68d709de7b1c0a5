/**
 * Whether a photo may be hard to see: from how bright it is and how crisp its edges are, never from what it shows. A
 * hint and no verdict: the person may always keep the photo.
 */

export type Hint = "dark" | "bright" | "blurred";
export interface Look {
  /** Mean luma, 0 to 255. */
  light: number;
  /** Variance of the Laplacian, as if the picture were of middle brightness: dark skin is not blurred skin. */
  sharpness: number;
}
/** Pictures are measured at this long edge, so that the limits hold for every camera. */
export const CHECK_EDGE = 400;

/** Low and high enough for skin of every colour that fills a well-lit picture. Working values. */
const DARK = 32;
const BRIGHT = 235;
/** Drawn skin of 1600 px has 7 when smeared by 4 px, and 1 by 8 px. A working value. */
const BLURRED = 4;
const MIDDLE = 128;

/** Brightness of each pixel (ITU-R BT.601), from red, green, blue and opacity in a row. */
export function toLuma(rgba: Uint8ClampedArray): Float32Array {
  const luma = new Float32Array(rgba.length / 4);
  for (let i = 0, at = 0; i < luma.length; i++, at += 4)
    luma[i] = 0.299 * rgba[at]! + 0.587 * rgba[at + 1]! + 0.114 * rgba[at + 2]!;
  return luma;
}

export function measureLook(luma: Float32Array, width: number): Look {
  const light = luma.reduce((sum, one) => sum + one, 0) / Math.max(1, luma.length);
  return { light, sharpness: laplacianVariance(luma, width) * (MIDDLE / Math.max(light, DARK)) ** 2 };
}

/** How much two pictures of one size differ: the mean over all pixels, 0 to 255. */
export function measureMotion(before: Float32Array, now: Float32Array): number {
  if (before.length !== now.length || now.length === 0) return 0;
  return now.reduce((sum, one, i) => sum + Math.abs(one - before[i]!), 0) / now.length;
}

export function isSoft(look: Look): boolean {
  return look.sharpness < BLURRED;
}

/** The one thing to say of a picture; without enough light nothing else can be told. Null: nothing to say. */
export function hintOf(look: Look): Hint | null {
  if (look.light < DARK) return "dark";
  if (look.light > BRIGHT) return "bright";
  return isSoft(look) ? "blurred" : null;
}

function laplacianVariance(luma: Float32Array, width: number): number {
  const height = Math.floor(luma.length / width);
  let [count, sum, squares] = [0, 0, 0];
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x;
      const edge = luma[i - 1]! + luma[i + 1]! + luma[i - width]! + luma[i + width]! - 4 * luma[i]!;
      count += 1;
      sum += edge;
      squares += edge * edge;
    }
  }
  return count === 0 ? 0 : squares / count - (sum / count) ** 2;
}
