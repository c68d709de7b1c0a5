import { inUse } from "./catalogue.ts";
import { enNext } from "./en_next.ts";

/** The words in use. */
export const nextWords = inUse("next", enNext);
