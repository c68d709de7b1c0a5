/** What is still to be read of the clinic's corrections, and what the plan says by now. */

import type { Correction } from "./correction_contract.ts";
import type { CarePlan } from "./plan_contract.ts";

/** Newest first. */
export function listUnread(known: Correction[] | null): Correction[] {
  return (known ?? []).filter((one) => one.read_at === null);
}

/** What the step says in the plan by now, where that is no longer what was told; null: the same, or not known. */
export function findNewWords(correction: Correction, plan: CarePlan | undefined): string | null {
  const now = plan?.steps.find((step) => step.id === correction.step?.id)?.instruction;
  return now === undefined || now === correction.step?.instruction ? null : now;
}
