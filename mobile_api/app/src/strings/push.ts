/** Neutral texts of pushes. The number `t` in a push is the place in this list, from 1: the server keeps the same list. */
export const PUSH_KINDS = [
  "first_day",
  "merged",
  "check_in_due",
  "check_in_open",
  "care_step",
  "mask_due",
  "mask_done",
  "message",
  "plan_changed",
  "check_again",
  "help_followup",
  "one_tap",
  "paused",
  "correction",
  "reviewed",
  "ready",
  "appointment",
] as const;
export type PushKind = (typeof PUSH_KINDS)[number];

export const PUSH_TEXTS: Record<PushKind, string> = {
  first_day: "Your first steps are ready",
  merged: "A few things for today",
  check_in_due: "Time for today’s check-in",
  check_in_open: "Today’s check-in is still open",
  care_step: "A reminder you set",
  mask_due: "A reminder you set",
  mask_done: "Your timer has finished",
  message: "You have a new message",
  plan_changed: "Something changed in your plan",
  check_again: "Please check in again",
  help_followup: "Please open Fallow",
  one_tap: "A quick tap is enough today",
  paused: "Reminders are paused. Open Fallow to start again",
  correction: "Something changed in your plan",
  reviewed: "Your check-in has been looked at",
  ready: "There is news in Fallow",
  appointment: "You have an appointment tomorrow",
};
/** Shown when a push cannot be read: every push shows something. */
export const PUSH_FALLBACK = "Please open Fallow";

export function pushKind(t: unknown): PushKind | null {
  return typeof t === "number" ? (PUSH_KINDS[t - 1] ?? null) : null;
}

/** Words of detailed notifications, shown only where the person turned discreet off. */
export const PUSH_DETAIL = {
  first_day: "What to do today, and what to leave alone",
  check_in_due: (day: number) => `Day ${day} check-in. Under a minute`,
  check_in_open: (day: number) => `Day ${day} check-in is still open`,
  check_again: (day: number) => `Day ${day}: please check in again`,
  mask_due: (title: string, minutes: number) => `${title}, ${minutes} minutes`,
  mask_done: (title: string) => `Rinse off: ${title}`,
  message: (name: string) => `New message from ${name}`,
  plan_changed: (name: string) => `${name} changed your care steps`,
  help_followup: "Did you get help?",
  one_tap: "All fine, or worried? One tap is enough",
  correction: "Please read: a correction to your care steps",
  reviewed: (name: string) => `${name} looked at your check-in`,
  ready: "News about your next session",
};
