import type { ClockAnchor } from "../lib/clock.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import type { Healing, Me, Plan, Readiness, Thread, Today } from "../lib/contract.ts";
import type { ZoneChoice } from "../lib/zone.ts";
import { openDatabase } from "./database.ts";

/** The server's answers and drafts that the phone keeps, one a name. */
export interface Kept {
  me: Me;
  today: Today;
  plan: Plan;
  plan_etag: string;
  readiness: Readiness;
  thread: Thread;
  message_draft: string;
  healing: Healing;
  clock: ClockAnchor;
  draft: CheckInForm;
  refreshed_at: number;
  zone_choice: ZoneChoice;
  /** Signed out on this phone, but the server has not heard of it yet. */
  leaving: true;
}

export async function keep<K extends keyof Kept>(name: K, value: Kept[K]): Promise<void> {
  await (await openDatabase()).put("kept", value, name);
}

export async function getKept<K extends keyof Kept>(name: K): Promise<Kept[K] | null> {
  return ((await (await openDatabase()).get("kept", name)) as Kept[K] | undefined) ?? null;
}

export async function forget(name: keyof Kept): Promise<void> {
  await (await openDatabase()).delete("kept", name);
}
