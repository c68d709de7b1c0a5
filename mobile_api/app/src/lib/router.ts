import { signal } from "@preact/signals";

/** Where the person is. Ids in paths are opaque. */
export const path = signal(location.pathname);

export function navigate(to: string, replace = false): void {
  if (to === location.pathname) return;
  if (replace) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  path.value = location.pathname;
  scrollTo(0, 0);
}

/** Back in the app's own history, else to `fallback`. */
export function goBack(fallback: string): void {
  if (history.length > 1) history.back();
  else navigate(fallback, true);
}

export function watchHistory(): void {
  addEventListener("popstate", () => (path.value = location.pathname));
}
