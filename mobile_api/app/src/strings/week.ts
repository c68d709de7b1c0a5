import { inUse } from "./catalogue.ts";
import { enWeek } from "./en_week.ts";

/** The words in use. */
export const weekWords = inUse("week", enWeek);
