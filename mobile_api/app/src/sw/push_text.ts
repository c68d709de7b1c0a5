/** What a push says: neutral words by number; with discreet off, words found in the phone's own plan. */

import type { CarePlan, Me, Occurrence, Plan } from "../lib/contract.ts";
import { dayOf, stepId } from "../lib/day.ts";
import type { Language } from "../lib/languages.ts";
import { PUSH_WORDS, pushKind, type PushKind, type PushWords } from "../strings/push.ts";

export function decidePushText(
  t: unknown,
  me: Me | null,
  plan: Plan | null,
  now: number,
  language: Language,
): string {
  const words = PUSH_WORDS[language];
  const kind = pushKind(t);
  if (!kind) return words.fallback;
  const plans = plan?.plans ?? [];
  const detail = me && !me.discreet && plans[0] ? describe(kind, me, plans, now, words.detail) : null;
  return detail ?? words.texts[kind];
}

/** A push names no plan: of several areas it is the one with what is due nearest to now. */
function describe(
  kind: PushKind,
  me: Me,
  plans: CarePlan[],
  now: number,
  words: PushWords["detail"],
): string | null {
  const found = plans
    .flatMap((plan) => findNearest(plan, kind, now).map((nearest) => ({ plan, nearest })))
    .sort((one, other) => distance(one.nearest, now) - distance(other.nearest, now))[0];
  const plan = found?.plan ?? plans[0]!;
  const nearest = found?.nearest;
  const day = dayOf(plan, now);
  const step = nearest && plan.steps.find((one) => one.id === stepId(nearest));
  switch (kind) {
    case "check_in_due":
    case "check_in_open":
    case "check_again":
      return words[kind](day);
    case "care_step":
      return nearest?.title ?? null;
    case "mask_due":
      return step?.duration_min ? words.mask_due(step.title, step.duration_min.default) : null;
    case "mask_done":
      return step ? words.mask_done(step.title) : null;
    case "message":
    case "plan_changed":
    case "reviewed":
      return words[kind](me.practitioner.name);
    case "first_day":
    case "help_followup":
    case "one_tap":
    case "correction":
    case "ready":
      return words[kind];
    default:
      return null;
  }
}

const CHECK_INS: PushKind[] = ["check_in_due", "check_in_open", "check_again"];

/** What of a plan is open now and of the push's kind: none or one. */
function findNearest(plan: CarePlan, kind: PushKind, now: number): Occurrence[] {
  const masks = kind === "mask_due" || kind === "mask_done";
  const kindOf = (one: Occurrence) => plan.steps.find((step) => step.id === stepId(one))?.kind;
  const isMeant = (one: Occurrence) =>
    CHECK_INS.includes(kind)
      ? one.kind === "check_in"
      : one.kind === "care_step" && !one.withheld && (kindOf(one) === "mask") === masks;
  return plan.occurrences
    .filter((one) => isMeant(one) && Date.parse(one.opens_at) <= now && now < Date.parse(one.closes_at))
    .sort((one, other) => distance(one, now) - distance(other, now))
    .slice(0, 1);
}

const distance = (one: Occurrence, now: number) => Math.abs(now - Date.parse(one.due_at));
