import { expect, test } from "vitest";
import { directionOf, LANGUAGE_NAMES, LANGUAGE_TAGS, LANGUAGES, pickLanguage } from "./languages.ts";

test("a phone gets the first of its languages that the app speaks, else English", () => {
  expect(pickLanguage(["es-MX", "en"])).toBe("es");
  expect(pickLanguage(["de-DE", "AR_EG", "es"])).toBe("ar");
  expect(pickLanguage(["pt-BR", "fr"])).toBe("en");
  expect(pickLanguage([])).toBe("en");
  expect(pickLanguage([null, undefined, ""])).toBe("en");
});

test("only Arabic begins at the right, and each language is named in its own words", () => {
  expect(LANGUAGES.map(directionOf)).toEqual(["ltr", "ltr", "rtl"]);
  expect(new Set(Object.values(LANGUAGE_NAMES)).size).toBe(LANGUAGES.length);
});

test("digits are the same in every language", () => {
  for (const tag of Object.values(LANGUAGE_TAGS)) expect(new Intl.NumberFormat(tag).format(12)).toBe("12");
});
