/** The person's own times for a care step. */

import { OfflineError } from "../api/http.ts";
import type { TimedStep } from "../lib/step_times.ts";
import { loadDay } from "./day.ts";
import { changeSettings, type Saved } from "./settings.ts";

/** Saved by the server, which plans anew; the plan and today follow. */
export async function changeStepTimes({ care_plan_id, id, times }: TimedStep): Promise<Saved> {
  const saved = await changeSettings({ step_times: [{ care_plan_id, step: id, times }] });
  if (saved !== "saved") return saved;
  try {
    await loadDay();
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error; // it is saved, and shown with the next answer
  }
  return saved;
}
