import { signal } from "@preact/signals";
import { deletePush, putPush } from "../api/endpoints.ts";
import { forget, getKept, keep } from "../db/kept.ts";
import { addressOf, subscribe } from "../lib/subscription.ts";
import { orSayFull } from "./room.ts";
import { me } from "./state.ts";

export type PushState = "on" | "off" | "denied" | "unsupported";

export const pushState = signal<PushState>("off");

export async function readPushState(): Promise<void> {
  pushState.value = await findPushState();
}

async function findPushState(): Promise<PushState> {
  if (!("Notification" in window) || !("PushManager" in window) || !("serviceWorker" in navigator)) {
    return "unsupported";
  }
  if (Notification.permission === "denied") return "denied";
  const registration = await navigator.serviceWorker.getRegistration();
  const subscription = await registration?.pushManager.getSubscription();
  return Notification.permission === "granted" && subscription ? "on" : "off";
}

/** Must be called straight from a tap: it opens the system's own question. */
export async function turnOnPush(): Promise<PushState> {
  if (!("Notification" in window)) pushState.value = "unsupported";
  else if ((await Notification.requestPermission()) === "granted") await register();
  else await readPushState();
  return pushState.value;
}

async function register(): Promise<void> {
  const profile = me.value;
  if (!profile) return;
  try {
    const registration = await navigator.serviceWorker.ready;
    const { firebase, vapid_public_key } = profile.push;
    const address = firebase
      ? await (await import("./firebase.ts")).registerWithFirebase(firebase, registration)
      : addressOf(await subscribe(registration.pushManager, vapid_public_key));
    await orSayFull(() => keep("push_wanted", true));
    await putPush(profile.device_id, address);
    pushState.value = "on";
  } catch {
    await readPushState();
  }
}

/**
 * Once at each start: tells the server the address that the browser has now. One that the browser has lost meanwhile is
 * made anew, where the person wanted reminders and has not forbidden them since.
 */
export async function confirmPush(): Promise<void> {
  await readPushState();
  const lost = pushState.value === "off" && Notification.permission === "granted";
  if (pushState.value === "on" || (lost && (await getKept("push_wanted")))) await register();
}

export async function turnOffPush(): Promise<void> {
  await forget("push_wanted");
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
  if (me.value) await deletePush(me.value.device_id).catch(() => undefined);
  await readPushState();
}

/** Whether a timer's end can ring while the app is closed. */
export function canRing(): boolean {
  return "Notification" in window && Notification.permission === "granted" && pushState.value === "on";
}
