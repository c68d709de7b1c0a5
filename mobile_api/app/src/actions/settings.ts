import { endSession, patchMe } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { wipe } from "../db/database.ts";
import { keep } from "../db/kept.ts";
import type { MePatch } from "../lib/contract.ts";
import { navigate } from "../lib/router.ts";
import { setAppearance } from "./appearance.ts";
import { setLanguage } from "./language.ts";
import { setMe } from "./me.ts";
import { turnOffPush } from "./push.ts";
import { clearState, me, online, session } from "./state.ts";
import { tellTabs } from "./tabs.ts";

export type Saved = "saved" | "offline" | "refused";

/** Shows the change at once and takes it back if the server does not take it. */
export async function changeSettings(patch: MePatch): Promise<Saved> {
  const before = me.value;
  if (!before) return "refused";
  const { consents, ...plain } = patch;
  const given = consents?.map((one) => ({ ...one, at: before.now }));
  const kept = before.consents.filter((one) => !given?.some((other) => other.kind === one.kind));
  me.value = { ...before, ...plain, consents: given ? [...kept, ...given] : before.consents };
  try {
    await setMe(await patchMe(patch));
    return "saved";
  } catch (error) {
    me.value = before;
    if (error instanceof OfflineError) {
      online.value = false;
      return "offline";
    }
    if (error instanceof ProblemError) return "refused";
    throw error;
  }
}

/**
 * Ends the session, removes the push address and everything that this phone keeps, its key too. Without a connection the
 * app's own files stay, for they say nothing of anybody, and the way back in needs them.
 */
export async function signOut(): Promise<void> {
  await turnOffPush().catch(() => undefined);
  const ended = await endSession().catch(() => false);
  await wipe();
  setAppearance("phone");
  await setLanguage("phone");
  clearState();
  session.value = "out";
  tellTabs("out");
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  if (!ended) {
    await keep("leaving", true);
    navigate("/", true);
    return;
  }
  const names = "caches" in window ? await caches.keys() : [];
  await Promise.all(names.map((name) => caches.delete(name)));
  await registration?.unregister();
  location.replace("/");
}
