import { LANGUAGE_TAGS, type Language } from "../lib/languages.ts";

/** The forms that a number needs in each language; a test holds them to what `Intl` knows of it. */
export const PLURAL_FORMS = {
  en: ["one", "other"],
  es: ["one", "many", "other"],
  ar: ["zero", "one", "two", "few", "many", "other"],
} as const satisfies Record<Language, readonly Intl.LDMLPluralRule[]>;

export type Forms<L extends Language> = Record<(typeof PLURAL_FORMS)[L][number], string> & {
  other: string;
};

const rules = new Map<Language, Intl.PluralRules>();

/** The form of a word that a number needs in a language; `#` in it stands for the number. */
export function plural<L extends Language>(language: L, n: number, forms: Forms<L>): string {
  let rule = rules.get(language);
  if (!rule) rules.set(language, (rule = new Intl.PluralRules(language)));
  const known: Partial<Record<Intl.LDMLPluralRule, string>> = forms;
  const form = known[rule.select(n)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(LANGUAGE_TAGS[language]).format(n));
}
