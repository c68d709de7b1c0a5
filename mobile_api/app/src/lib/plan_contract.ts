/** The part of the contract that GET /plan gives: a care plan with all that a day without a connection needs. */

import type { AnswerMap, AnswerValue, Level, LoweredMinimum, StepState } from "./contract.ts";

export interface Question {
  id: string;
  text: string;
  help: string | null;
  type: "number" | "scale" | "choice";
  min?: number | null;
  max?: number | null;
  options?: { value: AnswerValue; label: string }[] | null;
}
export interface WarningSign {
  question: string;
  value: AnswerValue;
  label: string;
  level: Level;
}
export interface Condition {
  question?: string;
  op?: "==" | "!=" | "in" | ">=" | "<=" | "rise_by" | "above_expected";
  value?: AnswerValue | AnswerValue[] | null;
  from_day?: number | null;
  compare_days?: number | null;
  answers_in_a_row?: number | null;
  event?: string;
}
export interface Trigger {
  any?: Condition[] | null;
  all?: Condition[] | null;
}
export interface Rule {
  id: string;
  title: string;
  tell_client: string;
  trigger: Trigger;
  from_day: number | null;
  to_day: number | null;
  urgency: "emergency" | "same_day" | "practitioner_review";
  sites: string[];
}
export interface UsualRow {
  from_day: number;
  to_day: number;
  low?: number | null;
  high?: number | null;
  allowed?: AnswerValue[] | null;
}
export interface FollowUp {
  id: string;
  when: Trigger;
  ask: string[];
  sites?: string[] | null;
}
export interface Occurrence {
  key: string;
  care_plan_id: string;
  kind: "care_step" | "check_in" | "photo";
  title: string;
  day: number;
  opens_at: string;
  due_at: string;
  closes_at: string;
  local: string;
  state: StepState;
  provisional: boolean;
  withheld: boolean;
}
export interface PlanCheckIn {
  key: string;
  day: number;
  due_at: string;
  opens_at: string;
  closes_at: string;
  pages: { asked: string[]; signs: WarningSign[] };
  photo: { views: string[]; optional: boolean } | null;
}
/** One answered check-in as the rules read it; earlier ones oldest first, corrections already applied. */
export interface CheckInFacts {
  id?: string;
  day: number;
  answered_at?: string;
  answers: AnswerMap;
  planned: boolean;
}
export interface CarePlan {
  care_plan_id: string;
  method: { id: string; name: string; one_line?: string };
  /** What was recorded at the clinic. A copy that an earlier version of the app kept has none. */
  treatment?: { number: number; steps: { title: string; what_happens: string }[] };
  content_version?: string;
  overlay_version?: number;
  anchors?: Record<string, string>;
  site: string;
  started: { ended_at: string; zone: string };
  day0: string;
  phases: { name: string; from_day: number; to_day: number; what_is_usual: string }[];
  questions: Record<string, Question>;
  check_ins: PlanCheckIn[];
  signs: Record<string, UsualRow[]>;
  rules: Rule[];
  follow_ups: FollowUp[];
  photo_protocol: { how: string[]; views: { id: string; label: string }[]; retake_if: string[] };
  steps: {
    id: string;
    title: string;
    instruction: string;
    kind: string;
    duration_min: { min: number; default: number; max: number } | null;
  }[];
  occurrences: Occurrence[];
  report: { questions: string[]; signs: WarningSign[] };
  earlier: CheckInFacts[];
  modifiers: string[];
  open_rules: string[];
  lowered_minimum?: LoweredMinimum | null;
}
export interface Plan {
  now: string;
  plan_version: string | number;
  plans: CarePlan[];
}
