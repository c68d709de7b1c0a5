import { enWeek } from "./en_week.ts";

/** The words in use. More languages become a choice here. */
export const weekWords: typeof enWeek = enWeek;
