/** Someone who fell silent comes back: reminders start again, and one tap is enough. */

import { signal } from "@preact/signals";
import { patchMe } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { keepResult } from "../db/results.ts";
import { now, nowText } from "../lib/clock.ts";
import type { OutboxEvent } from "../lib/flush.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { loadDay } from "./day.ts";
import { setMe } from "./me.ts";
import { record } from "./sending.ts";
import { online, openCheckIns } from "./state.ts";

/** Reminders that had stopped were started again since the app was opened. */
export const resumed = signal(false);
let asking = false;

/** Starts reminders again after a silence. Without a connection it stays as it is until the next time. */
export async function resumeReminders(): Promise<void> {
  if (asking) return;
  asking = true;
  try {
    await setMe(await patchMe({ resume_reminders: true }));
    resumed.value = true;
    await loadDay();
  } catch (error) {
    if (error instanceof OfflineError) online.value = false;
    else if (!(error instanceof ProblemError)) throw error;
  } finally {
    asking = false;
  }
}

/** One tap for every check-in that is open: no question is answered and none is ruled out. */
export async function sayAllFine(): Promise<void> {
  const at = nowText();
  const events: (OutboxEvent & { id: string })[] = [];
  for (const { care_plan_id, key, day } of openCheckIns.value) {
    const id = uuid7();
    const about = { id, care_plan_id, occurrence: key, kind: "planned" as const, answered_at: at };
    events.push({ kind: "check_in", id, body: { ...about, answers: [], partial: true, photos: [] } });
    const said = { id, care_plan_id, day, made_at: now(), level: "on_track" as const };
    await keepResult({ ...said, reasons: [], advice: [], sent_at: null, server: null });
  }
  await record(events);
}
