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
    case "timer":
      return resolveTimer(target.occurrence);
    default:
      return "/";
  }
}

async function resolveTimer(occurrence: string | null): Promise<string> {
  if (!occurrence) return "/";
  const own = findTimer(occurrence);
  const found = stepOf(occurrence);
  const timer = own ?? (found && (await openTimer(found.carePlan, found.step)));
  return timer ? `/timer/${timer.id}` : "/";
}
