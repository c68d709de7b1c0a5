import { getPlan, getToday } from "../api/endpoints.ts";
import { forget, getKept, keep } from "../db/kept.ts";
import { now } from "../lib/clock.ts";
import type { Plan } from "../lib/contract.ts";
import { findPlanChange } from "../lib/plan_change.ts";
import { orSayFull } from "./room.ts";
import { keptToday, plan, planChange, serverFault } from "./state.ts";

/** Fetches today and, where it changed, the plan of all days. */
export async function loadDay(): Promise<void> {
  const [day, plans] = await Promise.all([getToday(), getKept("plan_etag").then(getPlan)]);
  serverFault.value = day.status >= 500 || plans.status >= 500;
  const keepPlan = plans.status === 200 ? takePlan(plans.body, plans.etag) : null;
  if (day.status === 200) keptToday.value = day.body;
  await keepPlan; // both are on the screen before they are written down
  if (day.status === 200) await orSayFull(() => keep("today", day.body));
}

async function takePlan(next: Plan, etag: string | null): Promise<void> {
  const change = findPlanChange(plan.value, next, now());
  plan.value = next;
  if (change) planChange.value = change;
  await orSayFull(async () => {
    await keep("plan", next);
    if (etag) await keep("plan_etag", etag);
    if (change) await keep("plan_change", change);
  });
}

/** The person has read what changed in the plan. */
export async function putAwayChange(): Promise<void> {
  planChange.value = null;
  await forget("plan_change");
}
