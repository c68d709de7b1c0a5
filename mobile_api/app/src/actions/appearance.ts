import { signal } from "@preact/signals";

export type Appearance = "phone" | "light" | "dark";

const KEY = "fallow-appearance";
const BACKGROUND = { light: "#F2F5F5", dark: "#0C1517" };

/** This phone's own choice; it is nobody else's business and goes with a sign-out. */
export const appearance = signal<Appearance>("phone");

export function restoreAppearance(): void {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the phone's own look it is.
  }
  if (kept === "light" || kept === "dark") show(kept);
}

export function setAppearance(choice: Appearance): void {
  show(choice);
  try {
    if (choice === "phone") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // It holds until the app is closed.
  }
}

function show(choice: Appearance): void {
  appearance.value = choice;
  if (choice === "phone") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const bar of document.querySelectorAll<HTMLMetaElement>("meta[name=theme-color]")) {
    bar.content = BACKGROUND[choice === "phone" ? (bar.media.includes("dark") ? "dark" : "light") : choice];
  }
}
