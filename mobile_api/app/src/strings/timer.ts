import { inUse } from "./catalogue.ts";
import { enTimer } from "./en_timer.ts";

/** The words in use. */
export const timerWords = inUse("timer", enTimer);
