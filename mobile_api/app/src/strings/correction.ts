import { enCorrection } from "./en_correction.ts";

/** The words in use. More languages become a choice here. */
export const correctionWords: typeof enCorrection = enCorrection;
