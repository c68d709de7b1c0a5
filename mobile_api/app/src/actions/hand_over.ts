/**
 * From the browser to the app on the Home Screen. On an iPhone that app starts with a store of its own, signed in
 * nowhere: the manifest that the browser installs it from carries a code behind the # of its start address.
 */

import { signal } from "@preact/signals";
import { redeemHandOver } from "../api/endpoints.ts";
import { OfflineError } from "../api/http.ts";
import { deviceName, makeRoomFor } from "./enrolment.ts";
import { setMe } from "./me.ts";
import { me } from "./state.ts";

const FRAGMENT = /^#h=([\w-]{1,64})$/;
/** What came of the code that this app started with. */
export const handOverState = signal<"none" | "gone" | "offline">("none");

let found: string | null = null;

/** Takes the code out of the address before anything is shown: it stands in no history, title or copied link. */
export function takeFragment(): void {
  found = FRAGMENT.exec(location.hash)?.[1] ?? null;
  if (found) history.replaceState(null, "", location.pathname);
}

/**
 * Signs in with the code that the app was started with, if it is not signed in by itself yet: also where the phone
 * copied the browser's cookie, for two apps that share one session would end it.
 */
export async function useFragment(): Promise<void> {
  const code = found;
  if (!code || me.value) return;
  const answer = await enter(code);
  if (answer !== "offline") found = null;
  handOverState.value = answer === "in" ? "none" : answer;
}

/** `gone`: unknown, spent or too old; nobody says which. `offline`: no answer, or too many tries; the code may be good. */
export async function enter(code: string): Promise<"in" | "gone" | "offline"> {
  try {
    const answer = await redeemHandOver({ code, device_name: deviceName() });
    if (answer.status === 429 || answer.status >= 500) return "offline";
    if (answer.status >= 300) return "gone";
    await makeRoomFor(answer.body.me);
    await setMe(answer.body.me);
    return "in";
  } catch (error) {
    if (error instanceof OfflineError) return "offline";
    throw error;
  }
}
