import { signal } from "@preact/signals";

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
