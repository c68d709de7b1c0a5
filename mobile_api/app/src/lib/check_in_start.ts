/** A check-in as it begins: which pages it has, and what is asked on them. Pure. */

import type { CheckInForm, PageName } from "./check_in_form.ts";
import type { CarePlan, PlanCheckIn, WarningSign } from "./contract.ts";

interface Opening {
  id: string;
  day: number;
  mayTakePhotos: boolean;
}

export function startPlanned(plan: CarePlan, planned: PlanCheckIn, opening: Opening): CheckInForm {
  const views = opening.mayTakePhotos ? (planned.photo?.views ?? []) : [];
  return startForm(plan, opening, planned.key, planned.pages.asked, planned.pages.signs, views);
}

/** A problem report asks the warning signs first: one tap from Today to what matters. */
export function startReport(plan: CarePlan, opening: Opening): CheckInForm {
  const known = plan.photo_protocol.views.map((view) => view.id);
  const views = opening.mayTakePhotos ? [known.includes("close") ? "close" : (known[0] ?? "close")] : [];
  return startForm(plan, opening, null, plan.report.questions, plan.report.signs, views);
}

function startForm(
  plan: CarePlan,
  opening: Opening,
  occurrence: string | null,
  asked: string[],
  signs: WarningSign[],
  views: string[],
): CheckInForm {
  const plain = asked.filter((id) => plan.questions[id]);
  const questions: PageName[] = plain.length > 0 ? ["asked"] : [];
  const first: PageName[] = occurrence ? [...questions, "signs"] : ["signs", ...questions];
  return {
    id: opening.id,
    care_plan_id: plan.care_plan_id,
    occurrence,
    kind: occurrence ? "planned" : "report",
    day: opening.day,
    pages: [...first, ...(views.length > 0 ? (["photo"] as const) : []), "send"],
    asked: plain,
    signs,
    views,
    more: [],
    answers: {},
    ticks: [],
    signsConfirmed: false,
    photos: [],
    skippedViews: [],
    note: "",
    amends: null,
    sentLevel: null,
  };
}
