import { inUse } from "./catalogue.ts";
import { enFewerDays } from "./en_fewer_days.ts";

/** The words in use. */
export const fewerDaysWords = inUse("fewerDays", enFewerDays);
