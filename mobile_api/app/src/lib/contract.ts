/** What /api/v1 says and hears, by the names that the app gives it. The shapes are those of the API's own document. */
import type * as Api from "./api_types.ts";
import type { Retyped, Since } from "./retyping.ts";

export type * from "./correction_contract.ts";
export type * from "./healing_contract.ts";
export type * from "./plan_contract.ts";
export type * from "./thread_contract.ts";

export type Level = Api.Result["level"];
export type AnswerValue = Api.Option["value"];
export type AnswerMap = Record<string, AnswerValue>;

export type Consent = Api.ConsentGiven;
export type EmergencyNumbers = Api.Numbers;
export type Quiet = Api.Quiet;
/** A Firebase web app's configuration, where the server sends through Firebase. */
export type FirebaseWeb = NonNullable<Api.Me["push"]["firebase"]>;
/** Where this phone gets its pushes. */
export type PushAddress =
  | { kind: "web_push"; endpoint: string | undefined; keys: Record<string, string> | undefined }
  | { kind: "fcm_fid"; fid: string };
/** `code`: 8 characters in two groups. */
export type HandOver = Api.HandOver;
export type Me = Omit<Api.Me, "photo_key_note">;
export type MePatch = Retyped<Api.MeChange, { resume_reminders?: true }>;
export type Enrolment = Retyped<Api.Enrolment, { device: Retyped<Api.Device, { platform: "web" }> }>;
export type Invite = Api.Invite;

export type StepState = Api.StepItem["state"];
export type StepItem = Since<Api.StepItem, "started_at" | "ends_at" | "done_at">;
export type CheckInDue = Api.CheckInDue;
export type FlagTold = Api.FlagTold;
export type Advice = Since<Api.Rule, "until_text">;
export type Area = Since<
  Retyped<Api.Area, { steps: StepItem[]; avoid: Advice[]; as_needed: Advice[]; not_yet: Advice[] }>,
  "area_name" | "paused" | "paused_until"
>;
export type Today = Since<Retyped<Api.Today, { areas: Area[] }>, "silence" | "asks">;

export type Answer = { question: string; value: AnswerValue } | { question: string; excluded: AnswerValue[] };
export type CheckInBody = Retyped<
  Api.CheckIn,
  { answers: Answer[]; note?: string; amends?: string; partial: boolean; photos: string[] }
>;
export type StepEvent = Api.StepLog["event"];
export type StepLogBody = Retyped<Api.StepLog, { ends_at?: string }>;
export type ReceiptEvent = Api.Receipt["event"];
export type ReceiptBody = Api.Receipt;
export type Who = Api.GotHelpGiven["who"];

/** `told` and `received_at` are null while only the phone has judged. */
export type Result = Omit<Api.Result, "told" | "received_at" | "reasons" | "flags"> & {
  told: { [K in keyof Api.Told]: Api.Told[K] | null } | null;
  received_at: Api.Result["received_at"] | null;
  reasons: Since<Api.Reason, "rule_id">[];
  flags: Api.FlagLine[];
};

/** Fewer days between treatments than shipped: whose decision, and why. */
export type LoweredMinimum = Api.LoweredMinimum;
export type ReadinessArea = Since<Api.ReadyArea, "lowered_minimum">;
export type Readiness = Retyped<Api.Readiness, { areas: ReadinessArea[] }>;
export type ReminderTarget = Api.Reminder;
export type Problem = Since<Api.Problem, "type" | "request_id">;
export type SyncAnswer = Retyped<Api.SyncAnswer, { results: Retyped<Api.Synced, { problem?: Problem }>[] }>;
