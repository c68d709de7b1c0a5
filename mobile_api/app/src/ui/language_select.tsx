import type { ComponentChildren } from "preact";
import { LANGUAGE_NAMES, LANGUAGES, type Language } from "../lib/languages.ts";

interface LanguageSelectProps<Choice extends string> {
  value: Language | Choice;
  onChoose: (choice: Language | Choice) => void;
  /** Options that are no language; they come first. */
  children?: ComponentChildren;
}

/** Each language in its own words; nobody is asked to find theirs in another one. */
export function LanguageSelect<Choice extends string = never>(props: LanguageSelectProps<Choice>) {
  return (
    <select
      class="inp choice"
      value={props.value}
      onChange={(event) => props.onChoose(event.currentTarget.value as Language | Choice)}
    >
      {props.children}
      {LANGUAGES.map((one) => (
        <option key={one} value={one} lang={one}>
          {LANGUAGE_NAMES[one]}
        </option>
      ))}
    </select>
  );
}
