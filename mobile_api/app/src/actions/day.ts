import { getPlan, getToday } from "../api/endpoints.ts";
import { getKept, keep } from "../db/kept.ts";
import { keptToday, plan } from "./state.ts";

/** Fetches today and, where it changed, the plan of all days. */
export async function loadDay(): Promise<void> {
  const [day, plans] = await Promise.all([getToday(), getKept("plan_etag").then(getPlan)]);
  if (plans.status === 200) {
    plan.value = plans.body;
    await keep("plan", plans.body);
    if (plans.etag) await keep("plan_etag", plans.etag);
  }
  if (day.status === 200) {
    keptToday.value = day.body;
    await keep("today", day.body);
  }
}
