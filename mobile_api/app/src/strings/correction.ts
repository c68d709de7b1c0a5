import { inUse } from "./catalogue.ts";
import { enCorrection } from "./en_correction.ts";

/** The words in use. */
export const correctionWords = inUse("correction", enCorrection);
