import type { Language } from "../lib/languages.ts";
import { arPush } from "./ar_push.ts";
import { enPush } from "./en_push.ts";
import { esPush } from "./es_push.ts";

/** Kinds of pushes. The number `t` in a push is the place in this list, from 1: the server keeps the same list. */
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

export interface PushWords {
  /** Neutral texts: the server has the same. */
  texts: Record<PushKind, string>;
  /** Shown when a push cannot be read: every push shows something. */
  fallback: string;
  /** Words of detailed notifications, shown only where the person turned discreet off. */
  detail: {
    first_day: string;
    check_in_due(day: number): string;
    check_in_open(day: number): string;
    check_again(day: number): string;
    mask_due(title: string, minutes: number): string;
    mask_done(title: string): string;
    message(name: string): string;
    plan_changed(name: string): string;
    help_followup: string;
    one_tap: string;
    correction: string;
    reviewed(name: string): string;
    ready: string;
  };
}

/** All of them are in the service worker, which has nobody to ask. */
export const PUSH_WORDS: Record<Language, PushWords> = { en: enPush, es: esPush, ar: arPush };

export function pushKind(t: unknown): PushKind | null {
  return typeof t === "number" ? (PUSH_KINDS[t - 1] ?? null) : null;
}
