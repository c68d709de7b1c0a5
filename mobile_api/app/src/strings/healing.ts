import { enHealing } from "./en_healing.ts";

/** The words in use, as in index.ts; a file of its own, so that they load with their screens. */
export const th: typeof enHealing = enHealing;
