/** Small copies of the newest photos, fetched while there is a connection, so that Healing shows them without one. */

import { getServerPhoto } from "../api/photos.ts";
import { hasCopy, keepFetched } from "../db/copies.ts";
import { NoRoomError } from "../db/database.ts";
import type { HealingPhoto } from "../lib/contract.ts";

const MOST = 30;

/** Stops where the connection goes, or the phone has no room: copies are a comfort, nothing more. */
export async function keepThumbs(photos: HealingPhoto[]): Promise<void> {
  const newest = photos.toSorted((one, other) => Date.parse(other.taken_at) - Date.parse(one.taken_at));
  try {
    for (const { id, view } of newest.slice(0, MOST)) {
      if (await hasCopy(id)) continue;
      const blob = await getServerPhoto(id, "thumb");
      if (!blob) return;
      await keepFetched({ id, view, type: blob.type, bytes: await blob.arrayBuffer() });
    }
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
  }
}
