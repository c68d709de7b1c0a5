/** "a, b and c" as the reader's language has it. */
export function listText(items: string[], language: string): string {
  return new Intl.ListFormat(language, { style: "long", type: "conjunction" }).format(items);
}
