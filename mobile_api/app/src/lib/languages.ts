/** The languages that the app speaks: which one a phone gets, how its dates and numbers are written, where a line begins. */

export const LANGUAGES = ["en", "es", "ar"] as const;
export type Language = (typeof LANGUAGES)[number];

/** The language that the words of every plan are in, whatever the app speaks. */
export const PLAN_LANGUAGE: Language = "en";

/** Each in its own words, so that it is found by who reads it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", es: "Español", ar: "العربية" };

/** For `Intl`. Digits are the ones of the design in every language, so that a day is written alike everywhere. */
export const LANGUAGE_TAGS: Record<Language, string> = { en: "en-GB", es: "es", ar: "ar-u-nu-latn" };

const FROM_THE_RIGHT: Language[] = ["ar"];

export function directionOf(language: Language): "ltr" | "rtl" {
  return FROM_THE_RIGHT.includes(language) ? "rtl" : "ltr";
}

/** The first of the wanted ones (`es-MX`, `ar`) that the app speaks, else English. */
export function pickLanguage(wanted: readonly (string | null | undefined)[]): Language {
  const spoken = wanted.flatMap((tag) => {
    const first = tag?.toLowerCase().split(/[-_]/)[0];
    return LANGUAGES.filter((language) => language === first);
  });
  return spoken[0] ?? "en";
}
