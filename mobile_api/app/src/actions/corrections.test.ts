import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { listOutbox } from "../db/outbox.ts";
import type { Correction } from "../lib/contract.ts";

const C1: Correction = {
  ...{ id: "c1", care_plan_id: "p", version: 1, words: "Use a clean towel.", step: null, by: "Ida" },
  ...{ at: "2026-11-22T08:00:00Z", read_at: null },
};
/** What the server says of the receipt: a status; null: no connection at all. */
let receipt: number | null;
let posted: string[];

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("window", globalThis);
vi.stubGlobal("fetch", async (url: string, { method }: { method: string }) => {
  if (receipt === null) throw new TypeError("no connection");
  if (method === "GET" && url.endsWith("/corrections")) return new Response(JSON.stringify({ items: [C1] }));
  if (method === "POST" && url.includes("/corrections/")) posted.push(url.replace("/api/v1", ""));
  return new Response("{}", { status: method === "POST" ? receipt : 404 });
});

const { markCorrectionRead } = await import("./correction_read.ts");
const { loadCorrections, restoreCorrections } = await import("./corrections.ts");
const { sendSaved } = await import("./sending.ts");
const { corrections } = await import("./state.ts");

const isRead = () => corrections.value?.map((one) => one.read_at !== null);

beforeEach(async () => {
  await wipe();
  [corrections.value, posted, receipt] = [null, [], 500];
  await loadCorrections();
});

test("two taps without a connection are one receipt, and a killed app still knows that it was read", async () => {
  receipt = null;
  expect(isRead()).toEqual([false]);
  await markCorrectionRead(C1);
  await markCorrectionRead(C1);
  expect((await listOutbox()).map(({ kind, id }) => [kind, id])).toEqual([["correction_read", "c1"]]);
  corrections.value = null;
  await restoreCorrections();
  expect(isRead()).toEqual([true]);
  receipt = 200;
  expect(await sendSaved()).toBe(true);
  expect(posted).toEqual(["/corrections/c1/read"]);
  expect(await listOutbox()).toEqual([]);
});

test("a server that stumbles over the receipt does not ask for the correction to be read again", async () => {
  await markCorrectionRead(C1);
  expect(await sendSaved()).toBe(false);
  await loadCorrections();
  expect(isRead()).toEqual([true]);
});
