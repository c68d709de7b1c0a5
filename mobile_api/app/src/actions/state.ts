/** What the screens show. Written by actions only. */

import { computed, signal } from "@preact/signals";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { now } from "../lib/clock.ts";
import type { CarePlan, Me, Plan, Readiness, Today } from "../lib/contract.ts";
import { decideToday, withStops, withTaps, type StepTap } from "../lib/day.ts";
import type { OutboxItem } from "../lib/flush.ts";
import { isRed } from "../lib/rules.ts";
import type { MaskTimer } from "../lib/timer.ts";
import type { KeptResult } from "../db/results.ts";

export type { KeptResult };

/** `starting` until the phone's own copy has been read; `out` when no session is known. */
export const session = signal<"starting" | "in" | "out">("starting");
export const me = signal<Me | null>(null);
export const plan = signal<Plan | null>(null);
export const keptToday = signal<Today | null>(null);
export const readiness = signal<Readiness | null>(null);
export const online = signal(navigator.onLine);
export const outbox = signal<OutboxItem[]>([]);
export const results = signal<KeptResult[]>([]);
export const timers = signal<MaskTimer[]>([]);
export const draft = signal<CheckInForm | null>(null);
/** Moves on now and then, so that what depends on the time of day is shown anew. */
export const minute = signal(now());

export const phoneZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

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
  const day = decideToday(keptToday.value, plan.value, minute.value, phoneZone());
  return day && withStops(withTaps(day, taps.value), unsentRed.value);
});

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
          ? [item.body.occurrence]
          : [],
      ),
    ),
);
export const savedSteps = computed(
  () =>
    new Set(
      outbox.value.flatMap((item) =>
        item.kind === "step_log" && item.state === "saved" ? [item.body.occurrence] : [],
      ),
    ),
);

/** Shows nothing of anybody any more. */
export function clearState(): void {
  for (const one of [me, plan, keptToday, readiness, draft]) one.value = null;
  for (const many of [outbox, results, timers]) many.value = [];
}

export function planOf(carePlan: string | null | undefined): CarePlan | null {
  return plan.value?.plans.find((one) => one.care_plan_id === carePlan) ?? plan.value?.plans[0] ?? null;
}
