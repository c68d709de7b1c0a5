import { expect, test } from "vitest";
import type { ReadinessArea } from "./contract.ts";
import { isGroupMet } from "./readiness.ts";

type Item = ReadinessArea["groups"][number]["items"][number];
const item = (met: boolean) => ({ met }) as Item;

test("a group is done when all that has to be met is, and never while its only conditions are open", () => {
  expect(isGroupMet({ met: 1, of: 1, items: [item(true), item(false)] })).toBe(true);
  expect(isGroupMet({ met: 0, of: 1, items: [item(false)] })).toBe(false);
  expect(isGroupMet({ met: 0, of: 0, items: [item(false)] })).toBe(false);
  expect(isGroupMet({ met: 0, of: 0, items: [item(true)] })).toBe(true);
});
