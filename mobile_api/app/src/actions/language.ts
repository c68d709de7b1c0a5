import { signal } from "@preact/signals";
import { patchMe } from "../api/endpoints.ts";
import { askIn, ProblemError } from "../api/http.ts";
import { directionOf, LANGUAGES, pickLanguage, type Language } from "../lib/languages.ts";
import { speak } from "../strings/catalogue.ts";
import { setMe } from "./me.ts";
import { me } from "./state.ts";

/** `phone`: the first language of the phone's own that the app speaks. */
export type LanguageChoice = "phone" | Language;

const KEY = "fallow-language";

/** This phone's own choice; like its look it goes with a sign-out. */
export const languageChoice = signal<LanguageChoice>("phone");
/** What the app speaks now. */
export const spoken = signal<Language>("en");

/** Before the first screen, so that no word is seen in the wrong language. */
export async function restoreLanguage(): Promise<void> {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the phone's own language it is.
  }
  await show(LANGUAGES.find((one) => one === kept) ?? "phone");
}

export async function setLanguage(choice: LanguageChoice): Promise<void> {
  await show(choice);
  try {
    if (choice === "phone") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // It holds until the app is closed.
  }
}

/** Where the words are not on this phone and cannot be fetched, the app goes on in the language that it has. */
async function show(choice: LanguageChoice): Promise<void> {
  languageChoice.value = choice;
  const wanted = choice === "phone" ? pickLanguage(navigator.languages) : choice;
  try {
    await speak(wanted);
    spoken.value = wanted;
  } catch {
    // `spoken` is still what is on the screen.
  }
  document.documentElement.lang = spoken.value;
  document.documentElement.dir = directionOf(spoken.value);
  askIn(spoken.value);
}

/** Tells the server in which language pushes and mails are to be; one that it does not take holds up nothing else. */
export async function settleLanguage(): Promise<void> {
  const before = me.value?.language;
  if (!before || pickLanguage([before]) === spoken.value) return;
  try {
    await setMe(await patchMe({ language: spoken.value }));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
}
