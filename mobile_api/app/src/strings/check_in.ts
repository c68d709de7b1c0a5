import { inUse } from "./catalogue.ts";
import { enCheckIn } from "./en_check_in.ts";

/** The words in use. */
export const checkInWords = inUse("checkIn", enCheckIn);
