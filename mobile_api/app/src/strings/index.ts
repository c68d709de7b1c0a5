import { en } from "./en.ts";

export type Strings = typeof en;
/** The words in use. More languages become a choice here. */
export const t: Strings = en;
export const language = "en-GB";
