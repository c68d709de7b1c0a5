/** The number on the app's icon: how much is new, never what. */

interface Badging {
  setAppBadge?: (count: number) => Promise<void>;
  clearAppBadge?: () => Promise<void>;
}

/** Shows it where the browser can; 0 takes it away. */
export async function showBadge(count: number, icon: Badging = navigator): Promise<void> {
  await (count > 0 ? icon.setAppBadge?.(count) : icon.clearAppBadge?.())?.catch(() => undefined);
}
