import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { keep } from "../db/kept.ts";
import { getPhoto, listOutbox } from "../db/outbox.ts";
import type { Plan, Thread } from "../lib/contract.ts";

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("window", globalThis);
vi.stubGlobal("fetch", () => Promise.reject(new TypeError("no connection")));

const { lookForNews, sendMessage, writeDraft } = await import("./messages.ts");
const { keepThread } = await import("./thread.ts");
const { showOutbox } = await import("./outbox.ts");
const { attachPhoto, restoreMessagePhoto } = await import("./message_photo.ts");
const { messageDraft, messagePhoto, noRoom, plan, thread } = await import("./state.ts");

const taken = () => {
  const picture = { type: "image/jpeg", bytes: new TextEncoder().encode("a picture").buffer };
  return { ...picture, copy: picture, hint: null };
};

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
  [messageDraft.value, messagePhoto.value, noRoom.value] = ["", null, false];
  plan.value = { plans: [{ care_plan_id: "plan" }] } as unknown as Plan;
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

test("a photo goes with its message, also without words, and a killed app neither loses nor doubles it", async () => {
  await attachPhoto(taken());
  const photo = messagePhoto.value!;
  messagePhoto.value = null;
  await restoreMessagePhoto();
  expect(messagePhoto.value).toBe(photo);
  await sendMessage("");
  const [message, bytes] = await listOutbox();
  expect(message).toMatchObject({ kind: "message", body: { words: "", with_photo: true } });
  expect(bytes).toMatchObject({ kind: "photo", id: photo, body: { message: message!.id, occurrence: null } });
  expect(new TextDecoder().decode((await getPhoto(photo))!.bytes)).toBe("a picture");
  await keep("message_photo", photo); // killed before the draft was let go of
  await showOutbox();
  await restoreMessagePhoto();
  expect(messagePhoto.value).toBeNull();
  await sendMessage("");
  expect((await listOutbox()).length).toBe(2);
});
