/** Keeps the number on the icon at what waits here: unread messages, and check-ins that are open. */

import { effect } from "@preact/signals";
import { showBadge } from "../lib/badge.ts";
import { unread } from "../lib/unread.ts";
import { openCheckIns, session } from "./state.ts";

/** `starting` leaves what a push has set until this phone knows better. */
export function keepBadge(): void {
  let shown = -1;
  effect(() => {
    if (session.value === "starting") return;
    const count = session.value === "in" ? unread.value + openCheckIns.value.length : 0;
    if (count !== shown) void showBadge(count);
    shown = count;
  });
}
