import { enCard } from "./en_card.ts";

/** The words in use. More languages become a choice here. */
export const cardWords: typeof enCard = enCard;
