/** Words that may run the other way, set apart from the sentence round them: Unicode's first-strong isolate. */
export const isolate = (words: string) => `\u2068${words}\u2069`;
