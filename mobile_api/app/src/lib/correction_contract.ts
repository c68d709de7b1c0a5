/** What the clinic has put right about something it told, as /api/v1/corrections has it. */
import type * as Api from "./api_types.ts";

/** `step`: as the corrected version told it; null where the whole plan is meant. `by`: a first name, or the clinic. */
export type Correction = Api.Correction;
export type CorrectionRead = { correction_id: string } & Required<Api.Read>;
