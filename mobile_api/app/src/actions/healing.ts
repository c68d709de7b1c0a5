/** How healing runs: fetched when its screen is looked at, and once at each start, so that it is there offline. */

import { signal } from "@preact/signals";
import { getHealing } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { keep } from "../db/kept.ts";
import { orSayFull } from "./room.ts";
import { healing, online } from "./state.ts";
import { keepThumbs } from "./thumbs.ts";

/** Whether what is shown is the server's newest word. */
export const healingIsNew = signal(false);
/** Photos that were uncovered by a tap; covered again when the app is left. */
export const uncovered = signal(false);
/** The photo that today's is compared with, chosen by a tap on it. */
export const compared = signal<string | null>(null);

let keptOnce = false;

/** Once a start. */
export async function keepHealing(): Promise<void> {
  if (keptOnce) return;
  keptOnce = true;
  await loadHealing();
}

export async function loadHealing(): Promise<void> {
  try {
    const known = await getHealing();
    healing.value = known;
    healingIsNew.value = true;
    await orSayFull(() => keep("healing", known));
    void keepThumbs(known.areas.flatMap((area) => area.photos));
  } catch (error) {
    if (!(error instanceof OfflineError || error instanceof ProblemError)) throw error;
    healingIsNew.value = false;
    if (error instanceof OfflineError) online.value = false;
  }
}
