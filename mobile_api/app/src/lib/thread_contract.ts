/** The thread between client and clinic, as /api/v1/messages has it. */

export type PlanChange = "appointment" | "date" | "pause" | "resume" | "steps";
/** `by`: first name of who wrote it, null for the client. `check_in`: the one that it answers. */
export interface MessageLine {
  kind: "message";
  id: string;
  by: string | null;
  at: string;
  words: string;
  received_at: string;
  seen_at: string | null;
  check_in: { id: string; day: number } | null;
}
/** A change of a plan that the clinic made; `steps`: ids of the care steps that moved. */
export interface ChangeLine {
  kind: "plan_changed";
  id: string;
  by: string | null;
  at: string;
  what: PlanChange;
  care_plan_id: string;
  steps: string[];
}
/** Oldest first. */
export interface Thread {
  reply_promise_h: number;
  unread: number;
  items: (MessageLine | ChangeLine)[];
}
export interface MessageBody {
  id: string;
  words: string;
  at: string;
}
