/** What a push says: neutral words by number; with discreet off, words found in the phone's own plan. */

import type { CarePlan, Me, Occurrence, Plan } from "../lib/contract.ts";
import { dayOf, stepId } from "../lib/day.ts";
import { PUSH_DETAIL, PUSH_FALLBACK, PUSH_TEXTS, pushKind, type PushKind } from "../strings/push.ts";

export function decidePushText(t: unknown, me: Me | null, plan: Plan | null, now: number): string {
  const kind = pushKind(t);
  if (!kind) return PUSH_FALLBACK;
  const first = plan?.plans[0];
  const detail = me && !me.discreet && first ? describe(kind, me, first, now) : null;
  return detail ?? PUSH_TEXTS[kind];
}

function describe(kind: PushKind, me: Me, plan: CarePlan, now: number): string | null {
  const day = dayOf(plan, now);
  const nearest = findNearest(plan, kind, now);
  const step = nearest && plan.steps.find((one) => one.id === stepId(nearest));
  switch (kind) {
    case "check_in_due":
    case "check_in_open":
    case "check_again":
      return PUSH_DETAIL[kind](day);
    case "care_step":
      return nearest?.title ?? null;
    case "mask_due":
      return step?.duration_min ? PUSH_DETAIL.mask_due(step.title, step.duration_min.default) : null;
    case "mask_done":
      return step ? PUSH_DETAIL.mask_done(step.title) : null;
    case "message":
    case "plan_changed":
    case "reviewed":
      return PUSH_DETAIL[kind](me.practitioner.name);
    case "first_day":
    case "help_followup":
    case "one_tap":
    case "correction":
    case "ready":
      return PUSH_DETAIL[kind];
    default:
      return null;
  }
}

function findNearest(plan: CarePlan, kind: PushKind, now: number): Occurrence | undefined {
  const masks = kind === "mask_due" || kind === "mask_done";
  const kindOf = (one: Occurrence) => plan.steps.find((step) => step.id === stepId(one))?.kind;
  return plan.occurrences
    .filter((one) => one.kind === "care_step" && !one.withheld && (kindOf(one) === "mask") === masks)
    .filter((one) => Date.parse(one.opens_at) <= now && now < Date.parse(one.closes_at))
    .sort(
      (one, other) => Math.abs(now - Date.parse(one.due_at)) - Math.abs(now - Date.parse(other.due_at)),
    )[0];
}
