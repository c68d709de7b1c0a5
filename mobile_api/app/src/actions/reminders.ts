import { getReminder } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import type { ReminderTarget } from "../lib/contract.ts";
import { findTimer, openTimer, stepOf } from "./steps.ts";

/** The place in the app that a reminder means. */
export async function followReminder(id: string): Promise<string> {
  try {
    return await resolvePath(await getReminder(id));
  } catch (error) {
    if (error instanceof OfflineError || error instanceof ProblemError) return "/";
    throw error;
  }
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
