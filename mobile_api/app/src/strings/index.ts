import { inUse, type Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";

export { language } from "./catalogue.ts";
export type Strings = Catalogue["main"];
/** The words in use. */
export const t: Strings = inUse("main", en);
