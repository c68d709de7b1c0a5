/** What waits on this phone. An event stays until the server has said yes or no; photos keep their bytes beside it. */

import type { CheckInForm } from "../lib/check_in_form.ts";
import { now } from "../lib/clock.ts";
import type { Result } from "../lib/contract.ts";
import { PASSING, type OutboxEvent, type OutboxItem, type Outcome } from "../lib/flush.ts";
import { openDatabase, type KeptPhoto } from "./database.ts";

const KEEP_SETTLED = 24 * 3_600_000;

/**
 * Puts events in the queue in one transaction: all or none. Adding an id again changes nothing. `draft`, where given, is
 * the draft from then on (null: none), in the same transaction, so that a killed app never has both or neither.
 */
export async function enqueue(
  events: (OutboxEvent & { id: string })[],
  draft?: CheckInForm | null,
): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction(["outbox", "kept"], "readwrite", { durability: "strict" });
  const outbox = transaction.objectStore("outbox");
  for (const event of events) {
    if ((await outbox.index("id").getKey(event.id)) !== undefined) continue;
    const item = { ...event, made_at: now(), state: "saved" } as Omit<OutboxItem, "seq">;
    await outbox.add(item as OutboxItem);
  }
  if (draft === null) await transaction.objectStore("kept").delete("draft");
  else if (draft) await transaction.objectStore("kept").put(draft, "draft");
  await transaction.done;
}

export async function listOutbox(): Promise<OutboxItem[]> {
  return (await openDatabase()).getAll("outbox");
}

export async function listSaved(): Promise<OutboxItem[]> {
  return (await listOutbox()).filter((item) => item.state === "saved");
}

/**
 * Writes down the server's yes or no, its result of a check-in, and lets go of the bytes of a photo it has. A receipt is
 * of no use to the person: whatever the server said of it, it goes.
 */
export async function settle(item: OutboxItem, outcome: Outcome): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction(["outbox", "photos", "results"], "readwrite");
  const sent = outcome.status < 300;
  const problem = outcome.problem?.title ?? `${outcome.status}`;
  const outbox = transaction.objectStore("outbox");
  if (PASSING.includes(item.kind)) await outbox.delete(item.seq);
  else {
    const state = sent ? "sent" : "refused";
    await outbox.put({ ...item, state, settled_at: now(), ...(sent ? {} : { problem }) });
  }
  if (sent && item.kind === "photo") await transaction.objectStore("photos").delete(item.id);
  if (sent && item.kind === "check_in") {
    const results = transaction.objectStore("results");
    const kept = await results.get(item.id);
    if (kept) await results.put({ ...kept, sent_at: now(), server: outcome.body as Result });
  }
  await transaction.done;
}

/** Forgets events that the server has had for a day. */
export async function prune(): Promise<void> {
  const old = (item: OutboxItem) => item.state === "sent" && (item.settled_at ?? 0) < now() - KEEP_SETTLED;
  const database = await openDatabase();
  for (const item of (await listOutbox()).filter(old)) await database.delete("outbox", item.seq);
}

/** Tries again what the server refused. */
export async function retryRefused(): Promise<void> {
  const database = await openDatabase();
  const refused = (await listOutbox()).filter((item) => item.state === "refused");
  for (const item of refused) await database.put("outbox", { ...item, state: "saved" });
}

export async function getPhoto(id: string): Promise<KeptPhoto | null> {
  return (await (await openDatabase()).get("photos", id)) ?? null;
}

export async function putPhoto(photo: KeptPhoto): Promise<void> {
  await (await openDatabase()).put("photos", photo);
}

/** Lets go of photos of a draft; what stands in the queue keeps its bytes. */
export async function dropPhotos(ids: string[]): Promise<void> {
  const database = await openDatabase();
  const transaction = database.transaction(["outbox", "photos"], "readwrite");
  const queued = transaction.objectStore("outbox").index("id");
  for (const id of ids) {
    if ((await queued.getKey(id)) === undefined) await transaction.objectStore("photos").delete(id);
  }
  await transaction.done;
}
