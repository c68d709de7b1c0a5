import type { ClockAnchor } from "../lib/clock.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import type { Correction, Healing, Me, Plan, Readiness, Thread, Today } from "../lib/contract.ts";
import type { ZoneChoice } from "../lib/zone.ts";
import type { PlanChange } from "../lib/plan_change.ts";
import { openDatabase, write, type WriteTransaction } from "./database.ts";

/** The server's answers and drafts that the phone keeps, one a name. */
export interface Kept {
  me: Me;
  today: Today;
  plan: Plan;
  plan_etag: string;
  readiness: Readiness;
  thread: Thread;
  message_draft: string;
  message_photo: string;
  healing: Healing;
  clock: ClockAnchor;
  draft: CheckInForm;
  drafts_aside: CheckInForm[];
  plan_change: PlanChange;
  corrections: Correction[];
  /** The day on which the card about the Home Screen was shown; "done" once it was answered. */
  install_card: string;
  /** The person turned reminders on, on this phone. */
  push_wanted: true;
  refreshed_at: number;
  zone_choice: ZoneChoice;
  /** Signed out on this phone, but the server has not heard of it yet. */
  leaving: true;
}

/** Rejects with NoRoomError where the phone is full. */
export async function keep<K extends keyof Kept>(name: K, value: Kept[K]): Promise<void> {
  const put = (transaction: WriteTransaction) => {
    const asked = transaction.objectStore("kept").put(value, name);
    transaction.commit(); // asked for in the same turn: a page that is left in the next one loses nothing
    return asked;
  };
  await write(["kept"], put, "default");
}

export async function getKept<K extends keyof Kept>(name: K): Promise<Kept[K] | null> {
  return ((await (await openDatabase()).get("kept", name)) as Kept[K] | undefined) ?? null;
}

export async function forget(name: keyof Kept): Promise<void> {
  await (await openDatabase()).delete("kept", name);
}
