import { buildSender } from "../api/sending.ts";
import { OfflineError } from "../api/http.ts";
import { exclusively } from "../db/database.ts";
import { enqueue, getPhoto, listSaved, prune, retryRefused, settle, storeHeld } from "../db/outbox.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { flush, type OutboxEvent } from "../lib/flush.ts";
import { loadDay } from "./day.ts";
import { showOutbox } from "./outbox.ts";
import { orSayFull } from "./room.ts";
import { online } from "./state.ts";
import { tellTabs } from "./tabs.ts";
import { loadThread } from "./thread.ts";

type NewEvent = OutboxEvent & { id: string };

/**
 * Saves events on this phone, and in the same piece the draft that stands from then on (null: none); then tries to send
 * them. Done once they are safe; sending goes on by itself.
 */
export async function record(events: NewEvent[], draft?: CheckInForm | null): Promise<void> {
  await enqueue(events, draft);
  await showOutbox();
  tellTabs("outbox");
  void sendAndReload();
}

/** What was sent may change the day: a step done, a flag raised. */
async function sendAndReload(): Promise<void> {
  if (!(await sendSaved())) return;
  await orSayFull(() => Promise.all([loadDay(), loadThread()])).catch((error: unknown) => {
    if (!(error instanceof OfflineError)) throw error;
  });
}

/** Sends what waits. True when nothing is left. */
export async function sendSaved(): Promise<boolean> {
  let empty = false;
  await orSayFull(storeHeld);
  try {
    const sender = buildSender(async (id) => (await getPhoto(id))?.bytes ?? null);
    empty = await exclusively("outbox", () => flush({ listSaved, settle }, sender));
    online.value = true;
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    online.value = false;
  }
  if (!empty) await askForBackgroundSync();
  await prune();
  await showOutbox();
  tellTabs("outbox");
  return empty;
}

export async function sendRefusedAgain(): Promise<void> {
  await retryRefused();
  await showOutbox();
  await sendSaved();
}

/** Where the phone has it, it sends while the app is closed; elsewhere at the next start. */
async function askForBackgroundSync(): Promise<void> {
  const registration = (await navigator.serviceWorker?.getRegistration()) as
    (ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } }) | undefined;
  await registration?.sync?.register("outbox").catch(() => undefined);
}
