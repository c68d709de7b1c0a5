import { inUse } from "./catalogue.ts";
import { enHealing } from "./en_healing.ts";

/** The words in use, as in index.ts; a file of its own, so that English ones load with their screens. */
export const th = inUse("healing", enHealing);
