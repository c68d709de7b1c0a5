/** The part of the contract that GET /plan gives: a care plan with all that a day without a connection needs. */
import type * as Api from "./api_types.ts";
import type { Retyped, Since } from "./retyping.ts";

export type Question = Since<Api.Question, "min" | "max" | "options">;
export type WarningSign = Api.WarningSign;
export type Condition = Api.Condition;
export type Trigger = Api.Trigger;
export type Rule = Api.HelpRule;
export type UsualRow = Since<Api.UsualRow, "low" | "high" | "allowed">;
export type FollowUp = Api.FollowUp;
export type Occurrence = Api.Occurrence;
export type PlanCheckIn = Since<Api.PlanCheckIn, "deep">;
export type PlanStep = Since<Api.Step, "times" | "reminds">;
/** One answered check-in as the rules read it; earlier ones oldest first, corrections already applied. */
export type CheckInFacts = Since<Api.Earlier, "id" | "answered_at">;
/** `treatment`: what was recorded at the clinic. A copy that an earlier version of the app kept has none. */
export type CarePlan = Since<
  Retyped<
    Api.CarePlan,
    {
      method: Since<Api.Method, "one_line">;
      questions: Record<string, Question>;
      check_ins: PlanCheckIn[];
      steps: PlanStep[];
      signs: Record<string, UsualRow[]>;
      earlier: CheckInFacts[];
    }
  >,
  | "treatment"
  | "lowered_minimum"
  | "content_version"
  | "overlay_version"
  | "anchors"
  | "texts"
  | "question_sets"
>;
export type Plan = Retyped<Api.Plan, { plans: CarePlan[] }>;
