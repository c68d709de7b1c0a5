import type { HealingArea, HealingPhoto } from "./contract.ts";
import { listTiles } from "./healing.ts";

export interface Pair {
  newest: HealingPhoto | null;
  /** Oldest first. */
  earlier: HealingPhoto[];
}

/** The newest photo of a view, and those that it can be compared with. */
export function listPairs(area: HealingArea, view: string): Pair {
  const photos = listTiles(area, view).flatMap((tile) => (tile.photo ? [tile.photo] : []));
  return { newest: photos[0] ?? null, earlier: photos.slice(1).toReversed() };
}
