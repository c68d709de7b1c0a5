import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { getKept, keep } from "../db/kept.ts";
import type { FirebaseWeb, Me } from "../lib/contract.ts";

const told: unknown[] = [];
let subscription: { toJSON(): unknown; unsubscribe(): Promise<boolean> } | null;
const worker = {
  pushManager: {
    getSubscription: async () => subscription,
    subscribe: async () =>
      (subscription ??= {
        toJSON: () => ({ endpoint: "https://push.example/1", keys: { auth: "a", p256dh: "p" } }),
        unsubscribe: async () => ((subscription = null), true),
      }),
  },
};
const notification = { permission: "granted", requestPermission: async () => notification.permission };
const asked: unknown[] = [];

vi.stubGlobal("window", Object.assign(globalThis, { PushManager: {} }));
vi.stubGlobal("Notification", notification);
vi.stubGlobal("navigator", {
  onLine: true,
  serviceWorker: { ready: Promise.resolve(worker), getRegistration: async () => worker },
});
vi.stubGlobal("fetch", async (_url: string, { method, body }: { method: string; body?: string }) => {
  told.push(body ? JSON.parse(body) : method);
  return new Response(null, { status: 204 });
});
// Google's part, as its documentation says it behaves: the id comes to whoever listens, once registered.
let listening: ((fid: string) => void) | null = null;
vi.mock("@firebase/app", () => ({ getApps: () => [], initializeApp: (config: unknown) => config }));
vi.mock("@firebase/messaging", () => ({
  getMessaging: (app: unknown) => app,
  onRegistered: (_messaging: unknown, listener: (fid: string) => void) => {
    listening = listener;
    return () => (listening = null);
  },
  register: async (app: object, { vapidKey }: { vapidKey: string }) => {
    asked.push({ ...app, vapidKey });
    listening?.("an-id");
  },
}));

const { confirmPush, pushState, turnOffPush, turnOnPush } = await import("./push.ts");
const { me } = await import("./state.ts");

function signIn(firebase: FirebaseWeb | null = null): void {
  me.value = { device_id: "d", push: { vapid_public_key: "key", firebase } } as unknown as Me;
}

beforeEach(async () => {
  await wipe();
  [told.length, asked.length, subscription] = [0, 0, null];
  notification.permission = "granted";
  signIn();
});

const ADDRESS = { kind: "web_push", endpoint: "https://push.example/1", keys: { auth: "a", p256dh: "p" } };

test("each start tells the server the address, and makes one anew that the browser lost", async () => {
  await turnOnPush();
  await confirmPush();
  subscription = null;
  await confirmPush();
  expect(told).toEqual([ADDRESS, ADDRESS, ADDRESS]);
  expect(pushState.value).toBe("on");
});

test("who never wanted reminders, turned them off, or forbade them is left alone", async () => {
  await confirmPush();
  await turnOnPush();
  await turnOffPush();
  await confirmPush();
  expect(told).toEqual([ADDRESS, "DELETE"]);
  await keep("push_wanted", true);
  notification.permission = "denied";
  await confirmPush();
  expect(told).toHaveLength(2);
  expect(pushState.value).toBe("denied");
});

test("where the server sends through Firebase, and only there, its SDK is fetched and gives the address", async () => {
  await turnOnPush();
  expect(asked).toEqual([]);
  const firebase = { apiKey: "k", appId: "a", messagingSenderId: "1", projectId: "p", vapidKey: "v" };
  signIn(firebase);
  await turnOnPush();
  expect(asked).toEqual([firebase]);
  expect(told.at(-1)).toEqual({ kind: "fcm_fid", fid: "an-id" });
  expect(await getKept("push_wanted")).toBe(true);
});
