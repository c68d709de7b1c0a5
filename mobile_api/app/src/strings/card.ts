import { inUse } from "./catalogue.ts";
import { enCard } from "./en_card.ts";

/** The words in use. */
export const cardWords = inUse("card", enCard);
