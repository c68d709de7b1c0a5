// The console's service worker: shows the neutral text of a push and opens the review list. It answers no fetch.
const TEXTS = {
  101: "1 client needs you now",
  102: "Nobody has answered an urgent check-in",
  103: "Your review list for today is ready",
  104: "New client message",
};
const FALLBACK = "Please open Fallow";
const REVIEW = "/console";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let payload = {};
  try {
    payload = event.data.json();
  } catch {
    // shown all the same: a push without a notification costs the permission
  }
  const tag = payload.notification?.tag ?? payload.id ?? "fallow";
  const urgent = payload.t === 101 || payload.t === 102;
  const data = { id: payload.id };
  const words = { body: TEXTS[payload.t] ?? FALLBACK, tag, renotify: true, requireInteraction: urgent, data };
  const shown = self.registration.showNotification("Fallow", words);
  event.waitUntil(shown.then(() => confirm(payload.id, "shown")));
});

// What no browser confirms is sent again once; a word that does not get through costs no more than that.
async function confirm(id, event) {
  if (!id) return;
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const body = JSON.stringify({ reminder_id: id, event });
  await fetch("/console/receipts", { method: "POST", headers, body }).catch(() => undefined);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(Promise.all([open(), confirm(event.notification.data?.id, "opened")]));
});

async function open() {
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const ours = tabs.find((tab) => new URL(tab.url).pathname.startsWith(REVIEW));
  if (!ours) return self.clients.openWindow(REVIEW);
  await ours.focus();
  return ours.navigate(REVIEW).catch(() => ours);
}
