import { expect, test } from "vitest";
import { LANGUAGES } from "../lib/languages.ts";
import { plural, PLURAL_FORMS } from "./plural.ts";

test("a number takes the form of its language", () => {
  const english = { one: "# hour", other: "# hours" };
  expect([1, 2, 0, 1200].map((n) => plural("en", n, english))).toEqual([
    "1 hour",
    "2 hours",
    "0 hours",
    "1,200 hours",
  ]);
  const forms = { zero: "zero", one: "one", two: "two", few: "few", many: "many", other: "other" };
  expect([0, 1, 2, 3, 11, 100].map((n) => plural("ar", n, forms))).toEqual([
    "zero",
    "one",
    "two",
    "few",
    "many",
    "other",
  ]);
});

test("every form that a language has must be given", () => {
  for (const language of LANGUAGES) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    expect([...PLURAL_FORMS[language]].sort()).toEqual([...pluralCategories].sort());
  }
});
