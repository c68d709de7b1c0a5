import type { AnswerMap, AnswerValue, Level, Result } from "./contract.ts";

/** A check-in's outcome: what the phone said, and what the server said once it answered. */
export interface KeptResult {
  id: string;
  care_plan_id: string | null;
  day: number;
  made_at: number;
  level: Level;
  reasons: string[];
  advice: string[];
  sent_at: number | null;
  server: Result | null;
  /** What was answered, for showing it without a connection. Absent where another phone answered. */
  answers?: AnswerMap;
  excluded?: Record<string, AnswerValue[]>;
  note?: string;
  photos?: { id: string; view: string }[];
  /** The check-in that it corrects. */
  amends?: string | null;
}
