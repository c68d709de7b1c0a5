/// <reference lib="webworker" />
import { putPush } from "../api/endpoints.ts";
import { askIn } from "../api/http.ts";
import { buildSender } from "../api/sending.ts";
import { exclusively } from "../db/database.ts";
import { getKept } from "../db/kept.ts";
import { enqueue, getPhoto, listSaved, settle } from "../db/outbox.ts";
import { showBadge } from "../lib/badge.ts";
import { now, nowText, restoreClock } from "../lib/clock.ts";
import type { ReceiptEvent } from "../lib/contract.ts";
import { flush } from "../lib/flush.ts";
import { directionOf, pickLanguage } from "../lib/languages.ts";
import { addressOf, subscribe } from "../lib/subscription.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { decidePushText } from "./push_text.ts";

declare const self: ServiceWorkerGlobalScope;
declare const __PRECACHE__: string[];
declare const __BUILD__: string;

const SHELL = "/";
const FILES = [SHELL, "/manifest.webmanifest", "/icons/icon-192.png", ...__PRECACHE__];
/** Named by the content of its files, so that a new build gets a cache of its own. */
const CACHE = `fallow-${__BUILD__}`;
/** The server's own: never answered from here. */
const LEFT_ALONE = ["console", "api", "i", "healthz", "readyz", "metrics"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES)));
  void self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldCaches().then(() => self.clients.claim()));
});

async function dropOldCaches(): Promise<void> {
  const old = (await caches.keys()).filter((name) => name.startsWith("fallow-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const first = url.pathname.split("/")[1] ?? "";
  if (event.request.method !== "GET" || url.origin !== self.location.origin || LEFT_ALONE.includes(first))
    return;
  if (event.request.mode === "navigate") event.respondWith(fromCache(SHELL, event.request));
  else if (FILES.includes(url.pathname)) event.respondWith(fromCache(url.pathname, event.request));
});

async function fromCache(name: string, request: Request): Promise<Response> {
  return (await (await caches.open(CACHE)).match(name)) ?? fetch(request);
}

interface PushPayload {
  id?: string;
  t?: number;
  app_badge?: number;
  notification?: { tag?: string };
}

self.addEventListener("push", (event) => event.waitUntil(showPush(readPayload(event.data))));

function readPayload(data: PushMessageData | null): PushPayload {
  try {
    const payload = (data?.json() ?? {}) as PushPayload & { data?: { id?: string; t?: string } };
    const { id, t } = payload.data ?? {}; // so Firebase wraps them, as text
    return id ? { ...payload, id, t: Number(t) } : payload;
  } catch {
    return {};
  }
}

/** Shows something for every push, whatever is in it; phones take the permission away from apps that do not. */
async function showPush(payload: PushPayload): Promise<void> {
  const [me, plan] = await Promise.all([getKept("me"), getKept("plan"), wakeClock()]).catch(() => [
    null,
    null,
  ]);
  const language = pickLanguage(me ? [me.language] : navigator.languages);
  const options: NotificationOptions = {
    body: decidePushText(payload.t, me, plan, now(), language),
    lang: language,
    dir: directionOf(language),
    icon: "/icons/icon-192.png",
    badge: "/icons/badge-96.png",
    data: { id: payload.id },
  };
  const tag = payload.notification?.tag ?? payload.id;
  await self.registration.showNotification("Fallow", tag ? { ...options, tag } : options);
  if (typeof payload.app_badge === "number") await showBadge(payload.app_badge);
  if (payload.id) await postReceipt(payload.id, "shown");
}

async function wakeClock(): Promise<void> {
  const anchor = await getKept("clock");
  if (anchor) restoreClock(anchor);
}

async function postReceipt(reminder: string, event: ReceiptEvent): Promise<void> {
  await wakeClock();
  const body = { reminder_id: reminder, event, at: nowText() };
  await enqueue([{ kind: "receipt", id: uuid7(), body }]);
  await flushOutbox().catch(() => undefined);
}

/** Sends what waits, and has open pages look at it anew. */
async function flushOutbox(): Promise<boolean> {
  askIn(pickLanguage([(await getKept("me"))?.language]));
  const sender = buildSender(async (id) => (await getPhoto(id))?.bytes ?? null);
  const empty = await exclusively("outbox", () => flush({ listSaved, settle }, sender));
  for (const client of await self.clients.matchAll({ type: "window" })) client.postMessage({ type: "sent" });
  return empty;
}

self.addEventListener("notificationclick", (event) => {
  const id = (event.notification.data as { id?: string } | null)?.id;
  event.notification.close();
  event.waitUntil(Promise.all([openAt(id ? `/o/${id}` : "/"), id ? postReceipt(id, "opened") : null]));
});

self.addEventListener("notificationclose", (event) => {
  const id = (event.notification.data as { id?: string } | null)?.id;
  if (id) event.waitUntil(postReceipt(id, "dismissed"));
});

async function openAt(path: string): Promise<void> {
  const open = await self.clients.matchAll({ type: "window" });
  const client = open.find((one) =>
    LEFT_ALONE.every((name) => new URL(one.url).pathname.split("/")[1] !== name),
  );
  if (!client) {
    await self.clients.openWindow(path);
    return;
  }
  client.postMessage({ type: "open", path });
  await client.focus();
}

// Background Sync, where the phone has it: rejecting asks the phone to try again later.
self.addEventListener("sync", (event) => {
  const sync = event as Event & { waitUntil(work: Promise<unknown>): void };
  sync.waitUntil(
    wakeClock()
      .then(flushOutbox)
      .then((empty) => (empty ? undefined : Promise.reject(new Error("not all was sent")))),
  );
});

self.addEventListener("pushsubscriptionchange", (event) => {
  (event as ExtendableEvent).waitUntil(subscribeAgain());
});

async function subscribeAgain(): Promise<void> {
  const me = await getKept("me");
  if (!me || me.push.firebase) return; // Firebase's SDK needs a page: the next start registers anew
  const subscription = await subscribe(self.registration.pushManager, me.push.vapid_public_key);
  await putPush(me.device_id, addressOf(subscription));
}
