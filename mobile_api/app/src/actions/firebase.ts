/**
 * Registers this phone with Firebase, in a file of its own: it is fetched only where the server sends through Firebase.
 * Its pushes come to our own worker, which shows them.
 */

import { getApps, initializeApp } from "@firebase/app";
import { getMessaging, onRegistered, register } from "@firebase/messaging";
import type { FirebaseWeb, PushAddress } from "../lib/contract.ts";

const PATIENCE_MS = 20_000;

/** Gives the installation's id, by which the server reaches it. Rejects where Firebase gives none in time. */
export async function registerWithFirebase(
  { vapidKey, ...config }: FirebaseWeb,
  serviceWorkerRegistration: ServiceWorkerRegistration,
): Promise<PushAddress> {
  const messaging = getMessaging(getApps()[0] ?? initializeApp(config));
  const id = new Promise<string>((found, failed) => {
    const stop = onRegistered(messaging, (fid) => {
      stop();
      found(fid);
    });
    setTimeout(() => failed(new Error("Firebase gave no id")), PATIENCE_MS);
  });
  id.catch(() => undefined);
  await register(messaging, { vapidKey, serviceWorkerRegistration });
  return { kind: "fcm_fid", fid: await id };
}
