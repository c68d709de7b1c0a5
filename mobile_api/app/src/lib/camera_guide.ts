/**
 * What the camera's guide says: one short word at a time, from light, edges and motion of the live picture. It knows
 * nothing of what is in front of the camera, and says nothing of it: somebody may be listening.
 */

import { hintOf, isSoft, type Look } from "./photo_check.ts";

export type Guidance = "more_light" | "less_light" | "hold_still" | "closer" | "back" | "ready";

/** How often the live picture is measured, in milliseconds, and at what long edge. */
export const EVERY_MS = 500;

const MOVING = 12;

/** `close`: a view taken from near, where a soft picture means nearer than the camera can see; elsewhere too far. */
export function guide(look: Look, motion: number, close: boolean): Guidance {
  const hint = hintOf(look);
  if (hint === "dark") return "more_light";
  if (hint === "bright") return "less_light";
  if (motion > MOVING) return "hold_still";
  if (isSoft(look)) return close ? "back" : "closer";
  return "ready";
}

export interface Said {
  /** What stands on the screen; null before the first look. */
  shown: Guidance | null;
  seen: Guidance | null;
}
export const NOTHING_SAID: Said = { shown: null, seen: null };

/** A new word is shown when it was right twice in a row: the guide does not chatter. */
export function hear(said: Said, guidance: Guidance): Said {
  return { shown: said.seen === guidance ? guidance : said.shown, seen: guidance };
}
