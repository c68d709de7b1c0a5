/** What the screens show. Written by actions only. */

import { computed, signal } from "@preact/signals";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { now } from "../lib/clock.ts";
import type { CarePlan, Correction, Healing, Me, Plan, Readiness, Thread, Today } from "../lib/contract.ts";
import { decideToday, listOpen, withNext, withStops, withTaps, type StepTap } from "../lib/day.ts";
import type { OutboxItem } from "../lib/flush.ts";
import type { PlanChange } from "../lib/plan_change.ts";
import { isRed } from "../lib/rules.ts";
import type { MaskTimer } from "../lib/timer.ts";
import { wantedZone, type ZoneChoice } from "../lib/zone.ts";
import type { KeptResult } from "../db/results.ts";

export type { KeptResult };

/** `starting` until the phone's own copy has been read; `out` when no session is known. */
export const session = signal<"starting" | "in" | "out">("starting");
export const me = signal<Me | null>(null);
export const plan = signal<Plan | null>(null);
export const keptToday = signal<Today | null>(null);
export const readiness = signal<Readiness | null>(null);
export const healing = signal<Healing | null>(null);
export const online = signal(navigator.onLine);
export const outbox = signal<OutboxItem[]>([]);
export const results = signal<KeptResult[]>([]);
export const timers = signal<MaskTimer[]>([]);
export const draft = signal<CheckInForm | null>(null);
/** The thread with the clinic, as the server has it. */
export const thread = signal<Thread | null>(null);
/** The message that is being written; kept on this phone until it is sent. */
export const messageDraft = signal("");
/** The photo that goes with it. */
export const messagePhoto = signal<string | null>(null);
/** Check-ins that were begun and made room for another. */
export const asides = signal<CheckInForm[]>([]);
/** This phone is full: what is new is in memory only. */
export const noRoom = signal(false);
/** The server answers, but with a fault of its own. */
export const serverFault = signal(false);
/** What a new copy of the plan changed, until the person has put it away. */
export const planChange = signal<PlanChange | null>(null);
/** What the clinic put right, newest first, read or not. */
export const corrections = signal<Correction[] | null>(null);
/** Moves on now and then, so that what depends on the time of day is shown anew. */
export const minute = signal(now());

/** What was said about the time zone that this phone is in. */
export const zoneChoice = signal<ZoneChoice | null>(null);

export const phoneZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
/** The zone whose days and times count: the phone's, or the one that the person chose to keep. */
export const dayZone = computed(() => wantedZone(zoneChoice.value, phoneZone()));

const taps = computed<StepTap[]>(() => {
  const known = Date.parse(keptToday.value?.now ?? "") || 0;
  return outbox.value.flatMap((item) =>
    item.kind === "step_log" && (item.state === "saved" || (item.settled_at ?? 0) >= known)
      ? [item.body]
      : [],
  );
});

/** Red answers, and masks that burned, that the clinic's server does not have yet. */
const unsentRed = computed(() => {
  const waiting = new Set(savedCheckIns.value.map((item) => item.id));
  const answers = results.value.filter((one) => waiting.has(one.id) && isRed(one.level));
  const burned = outbox.value.flatMap((item) =>
    item.kind === "step_log" && item.state === "saved" && item.body.event === "stopped_burning"
      ? [{ care_plan_id: item.body.care_plan_id, level: "today" as const }]
      : [],
  );
  return [...answers, ...burned];
});

/** Today with every tap on it, also those that are only on this phone. */
export const today = computed<Today | null>(() => {
  const day = decideToday(keptToday.value, plan.value, minute.value, dayZone.value);
  const tapped = day && withStops(withTaps(day, taps.value), unsentRed.value);
  return tapped && withNext(tapped, plan.value, isAnswered, minute.value);
});

/** Check-ins that wait for an answer now, of all areas. */
export const openCheckIns = computed(() =>
  today.value ? listOpen(today.value, plan.value, isAnswered, minute.value) : [],
);

interface PlannedCheckIn {
  key: string;
  care_plan_id: string;
}

/** Whether this phone has sent, or waits to send, the whole check-in that is due. */
export function isAnswered(due: PlannedCheckIn): boolean {
  return answersTo(due).some((body) => !body.partial);
}

/** Whether one tap on this phone has said that all is fine: a check-in without any answer. */
export function isSaidFine(due: PlannedCheckIn): boolean {
  return answersTo(due).some((body) => body.partial && body.answers.length === 0);
}

function answersTo(due: PlannedCheckIn) {
  return outbox.value.flatMap((item) =>
    item.kind === "check_in" &&
    item.body.occurrence === due.key &&
    item.body.care_plan_id === due.care_plan_id
      ? [item.body]
      : [],
  );
}

/** Open warnings for which help was got, also where the clinic's server has not heard of it yet. */
export const helpedFlags = computed(
  () =>
    new Set(
      outbox.value.flatMap((item) =>
        item.kind === "got_help" && item.body.who !== "no_one" ? [item.body.flag_id] : [],
      ),
    ),
);

export const savedCheckIns = computed(() =>
  outbox.value.filter((item) => item.kind === "check_in" && item.state === "saved"),
);
export const savedPhotos = computed(() =>
  outbox.value.filter((item) => item.kind === "photo" && item.state === "saved"),
);
export const refused = computed(() => outbox.value.filter((item) => item.state === "refused"));
/** Occurrences of masks that burned, as the clinic's server has them. */
export const burningTold = computed(
  () =>
    new Set(
      outbox.value.flatMap((item) =>
        item.kind === "step_log" && item.state === "sent" && item.body.event === "stopped_burning"
          ? [placeOf(item.body)]
          : [],
      ),
    ),
);
export const savedSteps = computed(
  () =>
    new Set(
      outbox.value.flatMap((item) =>
        item.kind === "step_log" && item.state === "saved" ? [placeOf(item.body)] : [],
      ),
    ),
);

/** One occurrence of one area: two areas may have the same step at the same time. */
export function placeOf(one: { care_plan_id: string; occurrence: string }): string {
  return `${one.care_plan_id} ${one.occurrence}`;
}

/** Shows nothing of anybody any more. */
export function clearState(): void {
  for (const one of [
    me,
    plan,
    keptToday,
    readiness,
    healing,
    draft,
    zoneChoice,
    thread,
    messagePhoto,
    planChange,
    corrections,
  ])
    one.value = null;
  messageDraft.value = "";
  for (const many of [outbox, results, timers, asides]) many.value = [];
  noRoom.value = false;
}

export function planOf(carePlan: string | null | undefined): CarePlan | null {
  return plan.value?.plans.find((one) => one.care_plan_id === carePlan) ?? plan.value?.plans[0] ?? null;
}
