import { inUse } from "./catalogue.ts";
import { enDisplay } from "./en_display.ts";

/** The words in use. */
export const displayWords = inUse("display", enDisplay);
