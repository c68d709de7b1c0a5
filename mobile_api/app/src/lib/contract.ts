/** What /api/v1 says and hears, by hand until the types are generated from its OpenAPI document. */
export type * from "./healing_contract.ts";
export type * from "./plan_contract.ts";
export type * from "./thread_contract.ts";

export type Level = "on_track" | "watch" | "today" | "now";
export type AnswerValue = string | number;
export type AnswerMap = Record<string, AnswerValue>;

export interface Consent {
  kind: "care" | "photos" | "show_photos";
  given: boolean;
  text_version: string;
}
export interface EmergencyNumbers {
  country: string;
  emergency: string;
  advice: string | null;
  advice_name: string | null;
}
export interface Quiet {
  from: string;
  until: string;
}
/** A Firebase web app's configuration, where the server sends through Firebase. */
export interface FirebaseWeb {
  apiKey: string;
  appId: string;
  messagingSenderId: string;
  projectId: string;
  vapidKey: string;
}
/** Where this phone gets its pushes. */
export type PushAddress =
  | { kind: "web_push"; endpoint: string | undefined; keys: Record<string, string> | undefined }
  | { kind: "fcm_fid"; fid: string };
export interface Me {
  id: string;
  name: string;
  device_id: string;
  practitioner: { name: string; initials: string };
  studio: { name: string; phone: string | null; country: string };
  zone: string;
  language: string;
  quiet: Quiet | null;
  check_in_at: string;
  discreet: boolean;
  help_may_break_quiet: boolean;
  cover_photos: boolean;
  consents: (Consent & { at: string })[];
  emergency: EmergencyNumbers[];
  push: { vapid_public_key: string; firebase: FirebaseWeb | null };
  now: string;
  rate?: number;
}
export type MePatch = Partial<
  Pick<
    Me,
    "zone" | "language" | "quiet" | "check_in_at" | "discreet" | "help_may_break_quiet" | "cover_photos"
  > & {
    consents: Consent[];
    resume_reminders: true;
  }
>;

/** `code`: 8 characters in two groups. */
export interface HandOver {
  code: string;
  expires_at: string;
}
export interface Invite {
  client_name: string;
  practitioner_name: string;
  practitioner_short: string;
  studio: string;
  valid_until: string;
  language: string;
}

export type StepState =
  "upcoming" | "open" | "started" | "done" | "missed" | "declined" | "not_applicable" | "superseded";
export interface StepItem {
  key: string;
  step_id: string;
  title: string;
  instruction: string;
  kind: string;
  due_at: string;
  local: string;
  opens_at: string;
  closes_at: string;
  state: StepState;
  timer: { minutes_default: number; minutes_min: number; minutes_max: number } | null;
  started_at?: string | null;
  ends_at?: string | null;
  done_at?: string | null;
}
export interface CheckInDue {
  care_plan_id: string;
  key: string;
  day: number;
  opens_at: string;
  due_at: string;
  closes_at: string;
  state: StepState;
  deep: boolean;
}
export interface FlagTold {
  id: string;
  level: Level;
  title: string;
  tell_client: string;
  raised_at: string;
  seen: { by: string; at: string } | null;
  got_help: { who: string; at: string } | null;
  nobody_seen: boolean;
}
export interface Advice {
  id: string;
  title: string;
  instruction: string;
  until_text?: string | null;
}
export interface Area {
  care_plan_id: string;
  method_name: string;
  label: string;
  site: string;
  area_name?: string;
  paused?: boolean;
  paused_until?: string | null;
  day: number;
  phase: { name: string; what_is_usual: string };
  dots: { day: number; state: "done" | "open" | "missed" | "today" | "upcoming" }[];
  steps: StepItem[];
  avoid: Advice[];
  as_needed: Advice[];
  not_yet: Advice[];
  last_word: { from: string; text: string; at: string } | null;
  waiting: { id: string; title: string }[];
  finished: boolean;
  flag: FlagTold | null;
}
export interface Today {
  now: string;
  date: string;
  areas: Area[];
  banner: { kind: string } | null;
  next_check_in: CheckInDue | null;
  silence?: { missed: number; stopped: boolean };
  asks?: unknown[];
}

export type Answer = { question: string; value: AnswerValue } | { question: string; excluded: AnswerValue[] };
export interface CheckInBody {
  id: string;
  care_plan_id: string;
  occurrence: string | null;
  kind: "planned" | "report" | "follow_up";
  answered_at: string;
  answers: Answer[];
  note?: string;
  amends?: string;
  partial: boolean;
  photos: string[];
}
export type StepEvent = "started" | "paused" | "resumed" | "done" | "undone" | "declined" | "stopped_burning";
export interface StepLogBody {
  id: string;
  care_plan_id: string;
  occurrence: string;
  event: StepEvent;
  at: string;
  ends_at?: string;
}
export type ReceiptEvent = "shown" | "opened" | "dismissed";
export interface ReceiptBody {
  reminder_id: string;
  event: ReceiptEvent;
  at: string;
}
export type Who = "advice_line" | "doctor" | "studio" | "no_one";

export interface Result {
  id: string;
  level: Level;
  title: string;
  reasons: { text: string; rule_id?: string | null }[];
  advice: { title: string; tell_client: string; rule_id: string; urgency: string }[];
  do_now: string[];
  told: { practitioner: string; looked_at_by: string | null } | null;
  emergency: EmergencyNumbers[];
  check_again_at: string | null;
  disclaimer: string;
  emergency_line: string;
  received_at: string | null;
  reviewed: { by: string; at: string } | null;
  flags: {
    id: string;
    level: Level;
    rule_id: string;
    seen: { by: string; at: string } | null;
    got_help: unknown;
  }[];
}

export interface ReadinessArea {
  care_plan_id: string;
  status: "not_yet" | "ready_to_ask" | "signed_off" | "on_hold";
  earliest_on: string;
  suggested_on: string | null;
  hold_reason: string | null;
  groups: {
    group: string;
    title: string;
    met: number;
    of: number;
    items: {
      id: string;
      text: string;
      met: boolean;
      blocking: boolean;
      evidence_text: string | null;
      earliest_on: string | null;
    }[];
  }[];
  signed: { by: string; at: string } | null;
  moved: { from: string; to: string; why: string } | null;
  why_wait: string | null;
}
export interface Readiness {
  areas: ReadinessArea[];
}
export interface ReminderTarget {
  kind: string;
  occurrence: string | null;
  care_plan_id: string | null;
  go: "today" | "check_in" | "timer" | "readiness" | "help" | "messages";
}
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  errors?: { pointer: string; problem: string }[];
  studio_phone?: string;
}
