import { enFewerDays } from "./en_fewer_days.ts";

/** The words in use. More languages become a choice here. */
export const fewerDaysWords: typeof enFewerDays = enFewerDays;
