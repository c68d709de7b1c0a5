/** Photos are made small enough to send on a bad connection. */

export const LONG_EDGE = 1600;
export const MOST_BYTES = 350_000;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45, 0.35, 0.25];
const SMALLER = 0.75;
const SMALLEST_EDGE = 400;

export interface Size {
  width: number;
  height: number;
}

/** The size with this long edge and the same shape. A smaller picture stays as it is. */
export function fitEdge({ width, height }: Size, longEdge: number): Size {
  const scale = Math.min(1, longEdge / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The best encoding of at most `most` bytes: quality goes down first, then size. `encode` gets the long edge and the
 * quality. Where nothing fits, the smallest: a photo is never lost for being large.
 */
export async function fitBytes<T extends { size: number }>(
  encode: (longEdge: number, quality: number) => Promise<T>,
  most = MOST_BYTES,
  longEdge = LONG_EDGE,
): Promise<T> {
  let made: T | null = null;
  for (let edge = longEdge; made === null || edge >= SMALLEST_EDGE; edge = Math.round(edge * SMALLER)) {
    for (const quality of QUALITIES) {
      made = await encode(edge, quality);
      if (made.size <= most) return made;
    }
  }
  return made;
}
