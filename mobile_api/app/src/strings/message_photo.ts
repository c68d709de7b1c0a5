import { inUse } from "./catalogue.ts";
import { enMessagePhoto } from "./en_message_photo.ts";

/** The words in use. */
export const photoWords = inUse("messagePhoto", enMessagePhoto);
