import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import type { OutboxItem, Outcome } from "../lib/flush.ts";
import { flush } from "../lib/flush.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { NoRoomError, openDatabase, wipe } from "./database.ts";
import { getKept, keep } from "./kept.ts";
import { enqueue, listOutbox, listSaved, putPhoto, settle, storeHeld } from "./outbox.ts";
import { keepResult, listResults } from "./results.ts";

/** A phone without room refuses whatever is put on it, as browsers do. */
function fill(): void {
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(full);
}
const free = () => vi.restoreAllMocks();

const id = uuid7();
const body = { id, care_plan_id: "p", occurrence: null, kind: "report" as const, answered_at: "" };
const checkIn = { kind: "check_in" as const, id, body: { ...body, answers: [], partial: true, photos: [] } };
const said = { id, care_plan_id: "p", day: 6, made_at: 1, level: "today" as const };
const result = { ...said, reasons: [], advice: ["Call"], sent_at: null, server: null };
const accepting = (seen: string[]) => ({
  sync: async (items: OutboxItem[]): Promise<Outcome[]> =>
    items.map((item) => (seen.push(item.id), { status: 201, body: { id: item.id } })),
  send: async (item: OutboxItem) => (seen.push(item.id), { status: 201, body: null }),
});

beforeEach(async () => {
  free();
  await wipe();
});

test("an answer is held while the app is open, and reaches the clinic though nothing can be kept", async () => {
  fill();
  await keepResult(result);
  await enqueue([checkIn], null);
  expect((await listSaved()).map((item) => item.id)).toEqual([id]);
  expect((await listResults()).map((one) => one.advice)).toEqual([["Call"]]);
  const seen: string[] = [];
  expect(await flush({ listSaved, settle }, accepting(seen))).toBe(true);
  expect(seen).toEqual([id]);
  expect(await listSaved()).toEqual([]);
  expect((await listResults())[0]!.sent_at).not.toBeNull();
});

test("the draft that was sent stays where it was, so that a closed app can send it again", async () => {
  const draft = { id } as never;
  await keep("draft", draft);
  fill();
  await enqueue([checkIn], null);
  free();
  expect(await getKept("draft")).toEqual(draft);
});

test("once there is room, what was held is kept", async () => {
  fill();
  await enqueue([checkIn]);
  await expect(storeHeld()).rejects.toBeInstanceOf(NoRoomError);
  free();
  await storeHeld();
  expect((await (await openDatabase()).getAll("outbox")).map((item) => item.id)).toEqual([id]);
  expect(await listOutbox()).toHaveLength(1);
});

test("a full phone that cannot write the server's yes down does not send again while the app is open", async () => {
  await enqueue([checkIn]);
  fill();
  const seen: string[] = [];
  await flush({ listSaved, settle }, accepting(seen));
  await flush({ listSaved, settle }, accepting(seen));
  expect(seen).toEqual([id]);
  expect((await listOutbox()).map((item) => item.state)).toEqual(["sent"]);
});

test("a photo or a setting that finds no room says so", async () => {
  await putPhoto({ id: uuid7(), view: "close", type: "image/webp", bytes: new ArrayBuffer(8) });
  fill();
  const taken = { id: uuid7(), view: "close", type: "image/webp", bytes: new ArrayBuffer(8) };
  await expect(putPhoto(taken)).rejects.toBeInstanceOf(NoRoomError);
  await expect(keep("refreshed_at", 1)).rejects.toBeInstanceOf(NoRoomError);
});
