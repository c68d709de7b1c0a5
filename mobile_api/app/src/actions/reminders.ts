import { getReminder } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { nowText } from "../lib/clock.ts";
import type { ReminderTarget } from "../lib/contract.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { record } from "./sending.ts";
import { findTimer, openTimer, stepOf } from "./steps.ts";

/** The place in the app that a reminder means. */
export async function followReminder(id: string): Promise<string> {
  await noteOpened(id);
  try {
    return await resolvePath(await getReminder(id));
  } catch (error) {
    if (error instanceof OfflineError || error instanceof ProblemError) return "/";
    throw error;
  }
}

/** Where the phone opens the app by itself, no worker says that the push was tapped. Said twice it counts once. */
async function noteOpened(id: string): Promise<void> {
  const body = { reminder_id: id, event: "opened" as const, at: nowText() };
  await record([{ kind: "receipt", id: uuid7(), body }]);
}

async function resolvePath(target: ReminderTarget): Promise<string> {
  switch (target.go) {
    case "check_in":
      return "/check-in/1";
    case "readiness":
      return "/next";
    case "help":
      return "/help";
    case "messages":
      return "/messages";
    case "correction":
      return target.correction_id ? `/correction/${target.correction_id}` : "/";
    case "timer":
      return resolveTimer(target.care_plan_id, target.occurrence);
    default:
      return "/";
  }
}

async function resolveTimer(carePlan: string | null, occurrence: string | null): Promise<string> {
  if (!carePlan || !occurrence) return "/";
  const step = stepOf(carePlan, occurrence);
  const timer = findTimer(carePlan, occurrence) ?? (step && (await openTimer(carePlan, step)));
  return timer ? `/timer/${timer.id}` : "/";
}
