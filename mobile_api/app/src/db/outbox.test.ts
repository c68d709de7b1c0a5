import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import type { CheckInForm } from "../lib/check_in_form.ts";
import type { OutboxEvent, OutboxItem, Outcome, Sender } from "../lib/flush.ts";
import { flush } from "../lib/flush.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { wipe } from "./database.ts";
import {
  dropPhotos,
  enqueue,
  getPhoto,
  listOutbox,
  listSaved,
  prune,
  putPhoto,
  retryRefused,
  settle,
} from "./outbox.ts";
import { getKept, keep } from "./kept.ts";
import { getResult, keepResult } from "./results.ts";

type NewEvent = OutboxEvent & { id: string };

function stepLog(occurrence: string, id = uuid7()): NewEvent {
  const body = { id, care_plan_id: "p", occurrence, event: "done" as const, at: "2026-11-22T08:00:00Z" };
  return { kind: "step_log", id, body };
}
function checkIn(id = uuid7()): NewEvent {
  const body = {
    care_plan_id: "p",
    occurrence: null,
    kind: "report" as const,
    answered_at: "2026-11-22T08:00:00Z",
  };
  return { kind: "check_in", id, body: { ...body, id, answers: [], partial: false, photos: [] } };
}
function photo(id = uuid7()): NewEvent {
  const body = {
    care_plan_id: "p",
    view: "close",
    occurrence: null,
    taken_at: "2026-11-22T08:00:00Z",
    type: "image/webp",
  };
  return { kind: "photo", id, body };
}
const bytesOf = (id: string) => ({ id, view: "close", type: "image/webp", bytes: new ArrayBuffer(8) });

/** A server that keeps each id once, as the real one does, and remembers the order in which it first saw them. */
class Server implements Sender {
  seen: string[] = [];
  fail: () => Outcome | "offline" | "lost" | null = () => null;
  async sync(items: OutboxItem[]): Promise<Outcome[] | Outcome> {
    const failure = this.fail();
    if (failure === "offline") throw new Error("offline");
    if (failure !== null && failure !== "lost") return failure;
    const outcomes = items.map((item) => this.take(item));
    if (failure === "lost") throw new Error("the answer was lost");
    return outcomes;
  }
  async send(item: OutboxItem): Promise<Outcome> {
    const outcome = await this.sync([item]);
    return Array.isArray(outcome) ? outcome[0]! : outcome;
  }
  private take(item: OutboxItem): Outcome {
    if (this.seen.includes(item.id)) return { status: 200, body: { id: item.id } };
    this.seen.push(item.id);
    return { status: 201, body: { id: item.id } };
  }
}
const send = (server: Sender) => flush({ listSaved, settle }, server);

beforeEach(wipe);

test("what is saved stays until the server has said yes, then says sent", async () => {
  const server = new Server();
  server.fail = () => "offline";
  const event = checkIn();
  await enqueue([event]);
  await expect(send(server)).rejects.toThrow();
  expect((await listOutbox()).map((item) => item.state)).toEqual(["saved"]);
  server.fail = () => null;
  expect(await send(server)).toBe(true);
  expect((await listOutbox()).map((item) => item.state)).toEqual(["sent"]);
  expect(server.seen).toEqual([event.id]);
});

test("an answer that was lost on the way back does not double anything", async () => {
  const server = new Server();
  const events = [checkIn(), stepLog("wash@d6#1")];
  await enqueue(events);
  server.fail = () => "lost";
  await expect(send(server)).rejects.toThrow();
  server.fail = () => null;
  await send(server);
  expect(server.seen).toEqual(events.map((event) => event.id));
  expect(await listSaved()).toEqual([]);
});

test("the same event put in twice is one event", async () => {
  const event = checkIn();
  await enqueue([event]);
  await enqueue([event, stepLog("wash@d6#1")]);
  expect(await listOutbox()).toHaveLength(2);
});

test("answers go before photos, oldest first, and a photo's bytes stay until it was taken", async () => {
  const server = new Server();
  const [early, picture, late] = [checkIn(), photo(), stepLog("wash@d6#1")];
  await putPhoto(bytesOf(picture.id));
  await enqueue([early, picture]);
  const seen: NewEvent = { kind: "receipt", id: uuid7(), body: { reminder_id: "r", event: "shown", at: "" } };
  await enqueue([late, seen]);
  server.fail = () => ({ status: 503 });
  expect(await send(server)).toBe(false);
  expect((await getPhoto(picture.id))?.bytes.byteLength).toBe(8);
  server.fail = () => null;
  await send(server);
  expect(server.seen).toEqual([early.id, late.id, seen.id, picture.id]);
  expect(await getPhoto(picture.id)).toBeNull();
});

test("one event that the server cannot take holds up no other, and is kept with the reason", async () => {
  const bad = stepLog("unknown@d1#1");
  const events = [stepLog("a@d1#1"), stepLog("b@d1#1"), bad, stepLog("c@d1#1")];
  await enqueue(events);
  const server = new Server();
  const picky: Sender = {
    sync: async (items) =>
      items.some((item) => item.id === bad.id)
        ? { status: 422, problem: { title: "Unknown step", status: 422 } }
        : server.sync(items),
    send: (item) => server.send(item),
  };
  expect(await send(picky)).toBe(true);
  expect(server.seen).toEqual(events.filter((event) => event !== bad).map((event) => event.id));
  const refused = (await listOutbox()).filter((item) => item.state === "refused");
  expect(refused.map((item) => [item.id, item.problem])).toEqual([[bad.id, "Unknown step"]]);
  await retryRefused();
  expect((await listSaved()).map((item) => item.id)).toEqual([bad.id]);
});

test.each([401, 408, 429, 500, 503])("a %i says nothing about the event: it stays", async (status) => {
  const server = new Server();
  server.fail = () => ({ status });
  await enqueue([checkIn(), photo()]);
  expect(await send(server)).toBe(false);
  expect(await listSaved()).toHaveLength(2);
});

test("an event that the server stumbles over stays, and holds up no other", async () => {
  const [bad, good, dark, bright] = [stepLog("a@d1#1"), checkIn(), photo(), photo()];
  await enqueue([bad, good, dark, bright]);
  const server = new Server();
  const broken = [bad.id, dark.id];
  const stumbling: Sender = {
    sync: async (items) => Promise.all(items.map((item) => stumbling.send(item))),
    send: async (item) => (broken.includes(item.id) ? { status: 500 } : server.send(item)),
  };
  expect(await send(stumbling)).toBe(false);
  expect(server.seen).toEqual([good.id, bright.id]);
  expect((await listSaved()).map((item) => item.id)).toEqual([bad.id, dark.id]);
});

test("a receipt that the server does not know troubles nobody", async () => {
  await enqueue([{ kind: "receipt", id: uuid7(), body: { reminder_id: "r", event: "shown", at: "" } }]);
  const server = new Server();
  server.fail = () => ({ status: 404 });
  expect(await send(server)).toBe(true);
  expect(await listOutbox()).toEqual([]);
});

test("a check-in is in the queue or in the draft, never in both", async () => {
  const draft = { id: "1", photos: [] } as unknown as CheckInForm;
  await keep("draft", draft);
  await enqueue([checkIn()], { ...draft, id: "2" });
  expect((await getKept("draft"))?.id).toBe("2");
  await enqueue([checkIn()], null);
  expect(await getKept("draft")).toBeNull();
});

test("letting go of a draft's photos spares those that wait to be sent", async () => {
  const [queued, loose] = [photo(), photo()];
  for (const one of [queued, loose]) await putPhoto(bytesOf(one.id));
  await enqueue([queued]);
  await dropPhotos([queued.id, loose.id]);
  expect(await getPhoto(queued.id)).not.toBeNull();
  expect(await getPhoto(loose.id)).toBeNull();
});

test("a photo that the server refuses keeps its bytes on this phone", async () => {
  const picture = photo();
  await putPhoto(bytesOf(picture.id));
  await enqueue([picture]);
  const server = new Server();
  server.fail = () => ({ status: 403, problem: { title: "Consent needed", status: 403 } });
  await send(server);
  expect((await listOutbox()).map((item) => item.state)).toEqual(["refused"]);
  expect(await getPhoto(picture.id)).not.toBeNull();
});

test("the server's word on a check-in replaces the phone's", async () => {
  const event = checkIn();
  const own = { care_plan_id: "p", day: 6, made_at: 0, level: "today" as const, reasons: [], advice: [] };
  await keepResult({ ...own, id: event.id, sent_at: null, server: null });
  await enqueue([event]);
  await send(new Server());
  const kept = await getResult(event.id);
  expect(kept?.server).toEqual({ id: event.id });
  expect(kept?.sent_at).not.toBeNull();
});

test("what was on its way when the phone was wiped does not come back", async () => {
  await enqueue([checkIn()]);
  const server = new Server();
  const wiping: Sender = {
    sync: async (items) => (await wipe(), server.sync(items)),
    send: (item) => server.send(item),
  };
  await flush({ listSaved, settle }, wiping);
  expect(server.seen).toHaveLength(1);
  expect(await listOutbox()).toEqual([]);
});

test("pruning forgets nothing that has not been sent", async () => {
  await enqueue([checkIn()]);
  await prune();
  expect(await listSaved()).toHaveLength(1);
});

test("whatever fails, in whatever order, each event arrives exactly once", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    await wipe();
    const random = seeded(seed);
    const server = new Server();
    const put: string[] = [];
    server.fail = () =>
      random() < 0.5 ? null : random() < 0.4 ? "lost" : random() < 0.5 ? "offline" : { status: 503 };
    for (let step = 0; step < 25; step++) {
      const event = [checkIn, () => stepLog(`s@d${step}#1`), photo][Math.floor(random() * 3)]!();
      if (random() < 0.6) {
        put.push(event.id);
        if (event.kind === "photo") await putPhoto(bytesOf(event.id));
        await enqueue([event]);
      } else await send(server).catch(() => undefined);
    }
    server.fail = () => null;
    await send(server);
    expect(server.seen.toSorted()).toEqual(put.toSorted());
    expect(await listSaved()).toEqual([]);
  }
}, 30_000);

/** A small repeatable generator (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
