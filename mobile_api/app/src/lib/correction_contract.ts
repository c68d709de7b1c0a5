/** What the clinic has put right about something it told, as /api/v1/corrections has it. */

/** `step`: as the corrected version told it; null where the whole plan is meant. `by`: a first name, or the clinic. */
export interface Correction {
  id: string;
  care_plan_id: string;
  version: number;
  words: string;
  step: { id: string; title: string; instruction: string } | null;
  by: string;
  at: string;
  read_at: string | null;
}
export interface Corrections {
  items: Correction[];
}
