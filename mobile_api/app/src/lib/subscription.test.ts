import { expect, test } from "vitest";
import { subscribe } from "./subscription.ts";

/** A browser that holds a subscription made with `key`, as the Push API says it behaves. */
function browserWith(key: string | null) {
  const browser = {
    key,
    getSubscription: async () => (browser.key ? { unsubscribe: async () => (browser.key = null) } : null),
    subscribe: async ({ applicationServerKey }: { applicationServerKey: string }) => {
      if (browser.key && browser.key !== applicationServerKey) {
        throw new DOMException("another key", "InvalidStateError");
      }
      browser.key = applicationServerKey;
      return { key: browser.key };
    },
  };
  return browser;
}

test("a subscription made with the server's earlier key gives way to one with its new key", async () => {
  for (const before of ["old", "new", null]) {
    const browser = browserWith(before);
    expect(await subscribe(browser as unknown as PushManager, "new")).toEqual({ key: "new" });
  }
});

test("a refusal is passed on", async () => {
  const refusing = {
    ...browserWith("old"),
    subscribe: () => Promise.reject(new DOMException("", "NotAllowedError")),
  };
  await expect(subscribe(refusing as unknown as PushManager, "new")).rejects.toThrow(DOMException);
});
