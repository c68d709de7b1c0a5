import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import type { KeptResult } from "./state.ts";

let installed = false;
const clock = { now: Date.parse("2026-11-22T12:00:00Z") };
vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("addEventListener", () => undefined);
vi.stubGlobal("matchMedia", () => ({ matches: installed }));
vi.stubGlobal("navigator", { userAgent: "iPhone", onLine: true, languages: ["en"] });
vi.spyOn(Date, "now").mockImplementation(() => clock.now);

const { installCard, lookForInstallCard, putAwayInstallCard } = await import("./install.ts");
const { results } = await import("./state.ts");

const checkIn = (id: string, amends: string | null = null) => ({ id, amends }) as KeptResult;
const isShown = async () => {
  installCard.value = false;
  await lookForInstallCard();
  return installCard.value;
};

beforeEach(async () => {
  await wipe();
  installed = false;
  results.value = [checkIn("a"), checkIn("b")];
});

test("the card about the Home Screen comes after the second check-in, and a correction is none", async () => {
  results.value = [checkIn("a")];
  expect(await isShown()).toBe(false);
  results.value = [checkIn("a"), checkIn("b", "a")];
  expect(await isShown()).toBe(false);
  results.value = [checkIn("a"), checkIn("b", "a"), checkIn("c")];
  expect(await isShown()).toBe(true);
});

test("it is shown on one day alone, and never again once it was put away", async () => {
  expect([await isShown(), await isShown()]).toEqual([true, true]);
  clock.now += 24 * 3_600_000;
  expect(await isShown()).toBe(false);
  await wipe();
  expect(await isShown()).toBe(true);
  await putAwayInstallCard();
  expect(await isShown()).toBe(false);
});

test("an app that is on the Home Screen does not ask to be put there", async () => {
  installed = true;
  expect(await isShown()).toBe(false);
});
