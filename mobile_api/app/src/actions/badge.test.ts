import "fake-indexeddb/auto";
import { expect, test, vi } from "vitest";

const shown: number[] = [];
vi.stubGlobal("navigator", {
  onLine: true,
  setAppBadge: async (count: number) => void shown.push(count),
  clearAppBadge: async () => void shown.push(0),
});

const { showBadge } = await import("../lib/badge.ts");
const { unread } = await import("../lib/unread.ts");
const { keepBadge } = await import("./badge.ts");
const { session } = await import("./state.ts");

test("the icon shows how much is new, and nothing once it was seen or nobody is signed in", () => {
  session.value = "starting";
  keepBadge();
  expect(shown).toEqual([]);
  session.value = "in";
  unread.value = 2;
  unread.value = 0;
  unread.value = 3;
  session.value = "out";
  expect(shown).toEqual([0, 2, 0, 3, 0]);
});

test("a browser without a number on its icon, or one that refuses it, is left alone", async () => {
  await showBadge(2, {});
  await showBadge(2, { setAppBadge: () => Promise.reject(new Error("not allowed")) });
});
