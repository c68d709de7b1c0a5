import { inUse } from "./catalogue.ts";
import { enData } from "./en_data.ts";

/** The words in use. */
export const dataWords = inUse("data", enData);
