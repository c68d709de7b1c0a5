import { enDisplay } from "./en_display.ts";

/** The words in use. More languages become a choice here. */
export const displayWords: typeof enDisplay = enDisplay;
