import { expect, test } from "vitest";
import { daysAgo } from "./dates.ts";
import type { OutboxItem } from "./flush.ts";
import { countUnread, findNewestUnseen, withAllSeen } from "./thread.ts";
import { listDays } from "./thread_days.ts";
import type { ChangeLine, MessageLine, Thread } from "./thread_contract.ts";

const ZONE = "Europe/London";
const NOW = Date.parse("2026-11-22T12:00:00Z");
const DAY_22 = "2026-11-22T";

function said(id: string, at: string, more: Partial<MessageLine> = {}): MessageLine {
  const line = { kind: "message" as const, id, by: null, at, words: id, received_at: at };
  return { ...line, seen_at: null, check_in: null, ...more };
}
const change = (id: string, at: string) => ({ kind: "plan_changed", id, at }) as ChangeLine;
const thread = (...items: Thread["items"]): Thread => ({ reply_promise_h: 24, unread: 0, items });
const waiting = (id: string, more: Partial<OutboxItem> = {}) =>
  ({
    ...{ kind: "message", id, seq: 1, made_at: NOW, state: "saved" },
    body: { id, words: id, at: `${DAY_22}12:00:00Z` },
    ...more,
  }) as OutboxItem;
const shown = (kept: Thread | null, outbox: OutboxItem[] = []) =>
  listDays(kept, outbox, NOW, ZONE).flatMap((day) => day.lines);
const states = (kept: Thread | null, outbox: OutboxItem[] = []) =>
  shown(kept, outbox).map((line) => (line.kind === "message" ? line.state : line.kind));

test("a message says how far it has come", () => {
  const minutes = (n: number) => NOW - n * 60_000;
  expect(states(null, [waiting("a")])).toEqual(["saved"]);
  expect(states(null, [waiting("a", { made_at: minutes(2) })])).toEqual(["late"]);
  expect(states(null, [waiting("a", { made_at: minutes(2), state: "refused" })])).toEqual(["refused"]);
  expect(states(null, [waiting("a", { made_at: minutes(2), state: "sent" })])).toEqual(["sent"]);
  expect(states(thread(said("a", `${DAY_22}09:00:00Z`)))).toEqual(["sent"]);
  expect(states(thread(said("a", `${DAY_22}09:00:00Z`, { seen_at: `${DAY_22}10:00:00Z` })))).toEqual([
    "seen",
  ]);
  expect(states(thread(said("a", `${DAY_22}09:00:00Z`, { by: "Maya" })))).toEqual(["theirs"]);
});

test("what the server has is shown once, and what waits stands at the end", () => {
  const kept = thread(said("a", `${DAY_22}12:00:05Z`), change("c", `${DAY_22}12:00:06Z`));
  const lines = shown(kept, [waiting("a", { state: "sent" }), waiting("b")]);
  expect(lines.map((line) => line.id)).toEqual(["a", "c", "b"]);
});

test("messages of one side in a row share the time below the last of them", () => {
  const lines = shown(
    thread(
      said("a", `${DAY_22}09:00:00Z`, { by: "Maya" }),
      said("b", `${DAY_22}09:04:00Z`, { by: "Maya" }),
      said("c", `${DAY_22}09:20:00Z`, { by: "Maya" }),
      said("d", `${DAY_22}09:21:00Z`),
      change("e", `${DAY_22}09:22:00Z`),
    ),
  );
  expect(lines.map((line) => line.kind === "message" && line.last)).toEqual([false, true, true, true, false]);
});

test("each day of the person's own calendar has a heading", () => {
  const kept = thread(
    said("a", "2026-11-20T23:30:00Z"),
    said("b", "2026-11-21T00:10:00Z"),
    said("c", `${DAY_22}09:00:00Z`),
  );
  const days = listDays(kept, [], NOW, ZONE);
  expect(days.map((day) => [day.date, daysAgo(day.date, NOW, ZONE)])).toEqual([
    ["2026-11-20", 2],
    ["2026-11-21", 1],
    ["2026-11-22", 0],
  ]);
  expect(listDays(kept, [], NOW, "Asia/Tokyo").map((day) => day.date)).toEqual(["2026-11-21", "2026-11-22"]);
});

test("only what the clinic wrote waits to be read, until it has been on the screen", () => {
  const kept = thread(
    said("a", `${DAY_22}09:00:00Z`, { by: "Maya" }),
    said("b", `${DAY_22}09:30:00Z`, { by: "Maya" }),
    said("c", `${DAY_22}09:40:00Z`),
    change("d", `${DAY_22}09:50:00Z`),
  );
  expect(countUnread(kept)).toBe(2);
  expect(findNewestUnseen(kept)?.id).toBe("b");
  const read = withAllSeen(kept, `${DAY_22}12:00:00Z`);
  expect([countUnread(read), findNewestUnseen(read), countUnread(null)]).toEqual([0, null, 0]);
  expect(read.items[2]).toBe(kept.items[2]);
});

test("a message has come as far as its photos, and shows those that are on this phone", () => {
  const photo = (state: OutboxItem["state"]) =>
    waiting("p", { kind: "photo", state, body: { message: "a" } } as Partial<OutboxItem>);
  const kept = thread(said("a", `${DAY_22}09:00:00Z`, { photos: [] }));
  for (const state of ["saved", "refused", "sent"] as const) {
    expect(shown(kept, [photo(state)])).toMatchObject([{ id: "a", state, photos: ["p"] }]);
    expect(shown(null, [waiting("a", { state: "sent" }), photo(state)])).toMatchObject([{ state }]);
  }
  const there = thread(said("a", `${DAY_22}09:00:00Z`, { photos: ["p"] }));
  expect(shown(there, [photo("sent")])).toMatchObject([{ photos: ["p"] }]);
});
