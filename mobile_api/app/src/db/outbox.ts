/** What waits on this phone. An event stays until the server has said yes or no; photos keep their bytes beside it. */

import type { CheckInForm } from "../lib/check_in_form.ts";
import { now, takeMoment } from "../lib/clock.ts";
import type { Result } from "../lib/contract.ts";
import { PASSING, type OutboxEvent, type OutboxItem, type Outcome } from "../lib/flush.ts";
import { madeAt } from "../lib/uuid7.ts";
import { NoRoomError, openDatabase, write, type KeptPhoto, type KeptResult } from "./database.ts";
import { heldItems, heldResults } from "./held.ts";
import { seal, unseal } from "./sealing.ts";

const KEEP_SETTLED = 24 * 3_600_000;

/** Behind everything that the database numbers. */
const HELD_FROM = Number.MAX_SAFE_INTEGER - 1_000_000;

/**
 * Puts events in the queue in one transaction: all or none. Adding an id again changes nothing. `draft`, where given, is
 * the draft from then on (null: none), in the same transaction, so that a killed app never has both or neither. On a full
 * phone the events are held in memory instead, and the draft on it stays as it was.
 */
export async function enqueue(
  events: (OutboxEvent & { id: string })[],
  draft?: CheckInForm | null,
): Promise<void> {
  const items = events.map(
    (event) => ({ ...event, made_at: now(), made: takeMoment(), state: "saved" }) as OutboxItem,
  );
  try {
    await store(items, draft);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    for (const item of items.filter(({ id }) => !heldItems.has(id)))
      heldItems.set(item.id, { ...item, seq: HELD_FROM + heldItems.size });
  }
}

function store(items: OutboxItem[], draft?: CheckInForm | null): Promise<void> {
  return write(["outbox", "kept"], async (transaction) => {
    const outbox = transaction.objectStore("outbox");
    for (const { seq: _unnumbered, ...item } of items) {
      if ((await outbox.index("id").getKey(item.id)) === undefined) await outbox.add(item as OutboxItem);
    }
    if (draft === null) await transaction.objectStore("kept").delete("draft");
    else if (draft) await transaction.objectStore("kept").put(draft, "draft");
  });
}

/** Keeps what was held for want of room, if there is room now; else rejects with NoRoomError. */
export async function storeHeld(): Promise<void> {
  const waiting = [...heldItems.values()].filter((item) => item.state !== "sent");
  if (waiting.length > 0) await store(waiting);
  for (const item of waiting) heldItems.delete(item.id);
}

export async function listOutbox(): Promise<OutboxItem[]> {
  const kept = await (await openDatabase()).getAll("outbox");
  return [...kept.filter((item) => !heldItems.has(item.id)), ...heldItems.values()];
}

export async function listSaved(): Promise<OutboxItem[]> {
  return (await listOutbox()).filter((item) => item.state === "saved");
}

/**
 * Writes down the server's yes or no, its result of a check-in, and lets go of the bytes of a photo it has. A receipt is
 * of no use to the person: whatever the server said of it, it goes. A full phone remembers it while the app is open, and
 * asks again at the next start: the server takes each id once.
 */
export async function settle(item: OutboxItem, outcome: Outcome): Promise<void> {
  const sent = outcome.status < 300;
  const end = sent
    ? { state: "sent" as const }
    : { state: "refused" as const, problem: outcome.problem?.title ?? `${outcome.status}` };
  const settled: OutboxItem = { ...item, ...end, settled_at: now() };
  const told = sent && item.kind === "check_in" ? { sent_at: now(), server: outcome.body as Result } : null;
  const inMemory = heldItems.has(item.id);
  if (inMemory) hold(settled);
  tellHeldResult(item.id, told);
  try {
    await write(["outbox", "photos", "results"], async (transaction) => {
      const [outbox, results] = [transaction.objectStore("outbox"), transaction.objectStore("results")];
      if (sent && item.kind === "photo") await transaction.objectStore("photos").delete(item.id);
      if (PASSING.includes(item.kind)) await outbox.delete(item.seq);
      // A phone that was wiped meanwhile is somebody else's, or nobody's.
      else if (!inMemory && (await outbox.getKey(item.seq)) !== undefined) await outbox.put(settled);
      const kept = told && (await results.get(item.id));
      if (kept) await results.put({ ...kept, ...told });
    });
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    hold(settled);
  }
}

function hold(item: OutboxItem): void {
  if (PASSING.includes(item.kind)) heldItems.delete(item.id);
  else heldItems.set(item.id, item);
}

function tellHeldResult(id: string, told: Pick<KeptResult, "sent_at" | "server"> | null): void {
  const kept = heldResults.get(id);
  if (kept && told) heldResults.set(id, { ...kept, ...told });
}

/** Forgets events that the server has had for a day. */
export async function prune(): Promise<void> {
  const old = (item: OutboxItem) => item.state === "sent" && (item.settled_at ?? 0) < now() - KEEP_SETTLED;
  const database = await openDatabase();
  for (const item of (await listOutbox()).filter(old)) {
    heldItems.delete(item.id);
    await database.delete("outbox", item.seq);
  }
}

/** Tries again what the server refused. */
export async function retryRefused(): Promise<void> {
  const database = await openDatabase();
  const refused = (await listOutbox()).filter((item) => item.state === "refused");
  for (const item of refused) {
    if (heldItems.has(item.id)) heldItems.set(item.id, { ...item, state: "saved" });
    else await database.put("outbox", { ...item, state: "saved" });
  }
}

/** A photo that waits or stands in a draft; null where this phone has it no more, or cannot open it. */
export async function getPhoto(id: string): Promise<KeptPhoto | null> {
  const kept = await (await openDatabase()).get("photos", id);
  if (!kept) return null;
  return "bytes" in kept ? kept : unseal(kept);
}

export async function putPhoto(photo: KeptPhoto): Promise<void> {
  const sealed = await seal(photo);
  await write(["photos"], (transaction) => transaction.objectStore("photos").put(sealed));
}

/** Lets go of photos of a draft; what stands in the queue keeps its bytes. */
export function dropPhotos(ids: string[]): Promise<void> {
  return dropUnqueued((id) => ids.includes(id));
}

/** Lets go of photos and copies that were made before `before` and are not `wanted`: those that were taken anew. */
export function sweepPhotos(wanted: Set<string>, before: number): Promise<void> {
  return dropUnqueued((id) => !wanted.has(id) && madeAt(id) < before);
}

async function dropUnqueued(unwanted: (id: string) => boolean): Promise<void> {
  const transaction = (await openDatabase()).transaction(["outbox", "photos", "copies"], "readwrite");
  const queued = transaction.objectStore("outbox").index("id");
  for (const name of ["photos", "copies"] as const) {
    const store = transaction.objectStore(name);
    for (const id of (await store.getAllKeys()).filter(unwanted)) {
      if (!heldItems.has(id) && (await queued.getKey(id)) === undefined) await store.delete(id);
    }
  }
  await transaction.done;
}
