/** The part of the contract that GET /healing gives. */

import type { AnswerValue } from "./contract.ts";
import type { Question, UsualRow } from "./plan_contract.ts";

export interface HealingSign extends Pick<Question, "type" | "min" | "max"> {
  question: string;
  name: string;
  options: { value: AnswerValue; label: string }[];
  usual: UsualRow[];
  points: { day: number; value: AnswerValue; place: "usual" | "more" | "ahead" | "unknown" }[];
}
export interface HealingPhoto {
  id: string;
  view: string;
  day: number;
  taken_at: string;
  before: boolean;
}
export interface AllowedAgain {
  topic: "sun" | "gym" | "swim" | "shave" | "hat" | "hair_dye";
  is_now: boolean;
  on: string | null;
  after: "scabs_off" | "skin_closed" | "next_treatment" | null;
  after_days: number;
  about_on: string | null;
  meanwhile: string[];
  then: { text: string; until_on: string | null }[];
}
export interface HealingArea {
  care_plan_id: string;
  method_name: string;
  area_name: string;
  day: number;
  sentence: string;
  signs: HealingSign[];
  missed: number[];
  unanswered: number[];
  views: { id: string; label: string }[];
  photos: HealingPhoto[];
  coming: { from_day: number; name: string; what_is_usual: string } | null;
  held: boolean;
  allowed_again: AllowedAgain[];
}
export interface Healing {
  now: string;
  date: string;
  areas: HealingArea[];
}
