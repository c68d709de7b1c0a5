import { afterEach, expect, test, vi } from "vitest";
import { uuid7 } from "./uuid7.ts";

afterEach(() => vi.useRealTimers());

test("an id is a UUIDv7 that carries the moment it was made", () => {
  vi.useFakeTimers({ now: Date.parse("2031-03-04T05:06:07.008Z") });
  const id = uuid7();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(Date.parse("2031-03-04T05:06:07.008Z"));
});

test("ids made one after the other sort in that order and never repeat", () => {
  const ids = Array.from({ length: 500 }, uuid7);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(500);
});
