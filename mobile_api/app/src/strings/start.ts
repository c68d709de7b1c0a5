import { inUse } from "./catalogue.ts";
import { enStart } from "./en_start.ts";

/** The words in use. */
export const startWords = inUse("start", enStart);
