/** The form of a word that a number needs in a language: `{ one, other }` in English, more in others. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const rules = new Map<string, Intl.PluralRules>();

/** `#` in the form stands for the number. */
export function plural(language: string, n: number, forms: Forms): string {
  let rule = rules.get(language);
  if (!rule) rules.set(language, (rule = new Intl.PluralRules(language)));
  const form = forms[rule.select(n)] ?? forms.other;
  return form.replace("#", new Intl.NumberFormat(language).format(n));
}
