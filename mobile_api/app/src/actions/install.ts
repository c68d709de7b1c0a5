import { signal } from "@preact/signals";
import { getKept, keep } from "../db/kept.ts";
import { now } from "../lib/clock.ts";
import { appDate } from "../lib/dates.ts";
import { orSayFull } from "./room.ts";
import { dayZone, results } from "./state.ts";

interface InstallPrompt extends Event {
  prompt(): Promise<{ outcome: string }>;
}

/** The browser's own install prompt, where it offered one. */
export const installPrompt = signal<InstallPrompt | null>(null);

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  installPrompt.value = event as InstallPrompt;
});

export function isInstalled(): boolean {
  return (
    matchMedia("(display-mode: standalone)").matches ||
    ("standalone" in navigator && navigator.standalone === true)
  );
}

export function isIphone(): boolean {
  return /iPhone|iPad/.test(navigator.userAgent);
}

export async function install(): Promise<boolean> {
  const answer = await installPrompt.value?.prompt();
  installPrompt.value = null;
  return answer?.outcome === "accepted";
}

const CARD_AFTER = 2;
const DONE = "done";

/** Whether Today shows the card about the Home Screen. */
export const installCard = signal(false);

/** Once, on one day: after the second check-in, where this phone can still take the app and was not asked before. */
export async function lookForInstallCard(): Promise<void> {
  const checkIns = results.value.filter((one) => !one.amends).length;
  if (checkIns < CARD_AFTER || isInstalled() || !(installPrompt.value || isIphone())) return;
  const today = appDate(now(), dayZone.value);
  const shown = await getKept("install_card");
  if (!shown) await orSayFull(() => keep("install_card", today));
  installCard.value = !shown || shown === today;
}

export async function putAwayInstallCard(): Promise<void> {
  installCard.value = false;
  await orSayFull(() => keep("install_card", DONE));
}
