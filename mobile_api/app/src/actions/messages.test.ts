import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { listOutbox } from "../db/outbox.ts";
import type { Thread } from "../lib/contract.ts";

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("window", globalThis);
vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no connection")));

const { lookForNews, sendMessage, writeDraft } = await import("./messages.ts");
const { keepThread } = await import("./thread.ts");
const { messageDraft, noRoom, thread } = await import("./state.ts");

/** A phone without room refuses whatever is put on it, as browsers do. */
function fill(): void {
  const full = () => {
    throw new DOMException("no room", "QuotaExceededError");
  };
  vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(full);
  vi.spyOn(IDBObjectStore.prototype, "add").mockImplementation(full);
}

beforeEach(async () => {
  vi.restoreAllMocks();
  await wipe();
  [messageDraft.value, noRoom.value] = ["", false];
});

test("on a full phone a message is held, the box is empty, and the phone says that it is full", async () => {
  fill();
  await writeDraft("May I wash it?");
  expect(messageDraft.value).toBe("May I wash it?");
  await sendMessage(messageDraft.value);
  expect((await listOutbox()).map((item) => item.kind)).toEqual(["message"]);
  expect([messageDraft.value, noRoom.value]).toEqual(["", true]);
});

test("a second tap on the button sends nothing, and what is written meanwhile stays", async () => {
  await writeDraft("May I wash it?");
  const first = sendMessage("May I wash it?");
  const second = sendMessage("May I wash it?");
  messageDraft.value = "And one more thing";
  await Promise.all([first, second]);
  expect((await listOutbox()).map((item) => item.kind)).toEqual(["message"]);
  expect(messageDraft.value).toBe("And one more thing");
});

test("on a full phone news of the clinic is shown all the same", async () => {
  fill();
  const news = { lines: [], reply_promise_h: 24 } as unknown as Thread;
  await keepThread(news);
  expect([thread.value, noRoom.value]).toEqual([news, true]);
  await lookForNews();
});
