import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type StoreNames } from "idb";
import type { OutboxItem } from "../lib/flush.ts";
import type { KeptResult } from "../lib/kept_result.ts";
import type { MaskTimer } from "../lib/timer.ts";
import { heldItems, heldResults } from "./held.ts";

export type { KeptResult } from "../lib/kept_result.ts";
export interface KeptPhoto {
  id: string;
  view: string;
  type: string;
  bytes: ArrayBuffer;
}
/** A photo as it lies in the database: its bytes can be opened with this phone's key alone. */
export interface SealedPhoto extends Omit<KeptPhoto, "bytes"> {
  iv: Uint8Array<ArrayBuffer>;
  sealed: ArrayBuffer;
}
export interface PhoneSchema extends DBSchema {
  kept: { key: string; value: unknown };
  outbox: { key: number; value: OutboxItem; indexes: { id: string } };
  results: { key: string; value: KeptResult };
  /** Unsealed ones were kept by an earlier version of the app. */
  photos: { key: string; value: SealedPhoto | KeptPhoto };
  copies: { key: string; value: SealedPhoto };
  keys: { key: string; value: CryptoKey };
  timers: { key: string; value: MaskTimer };
}
export type Database = IDBPDatabase<PhoneSchema>;

const NAME = "fallow";
let opened: Promise<Database> | null = null;

export function openDatabase(): Promise<Database> {
  opened ??= openDB<PhoneSchema>(NAME, 2, {
    upgrade(database, before) {
      if (before < 1) createFirst(database);
      database.createObjectStore("copies", { keyPath: "id" });
      database.createObjectStore("keys");
    },
    blocking(_from, _to, event) {
      (event.target as IDBDatabase).close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  return opened;
}

function createFirst(database: Database): void {
  database.createObjectStore("kept");
  database
    .createObjectStore("outbox", { keyPath: "seq", autoIncrement: true })
    .createIndex("id", "id", { unique: true });
  database.createObjectStore("results", { keyPath: "id" });
  database.createObjectStore("photos", { keyPath: "id" });
  database.createObjectStore("timers", { keyPath: "id" });
}

/** The phone has no room left for what was to be kept. */
export class NoRoomError extends Error {}

type StoreName = StoreNames<PhoneSchema>;
export type WriteTransaction = IDBPTransaction<PhoneSchema, StoreName[], "readwrite">;

/** Writes all of it or nothing; `strict`: safely on the disk when done. Rejects with NoRoomError where the phone is full. */
export async function write(
  stores: StoreName[],
  work: (transaction: WriteTransaction) => Promise<unknown>,
  durability: IDBTransactionDurability = "strict",
): Promise<void> {
  const transaction = (await openDatabase()).transaction(stores, "readwrite", { durability });
  transaction.done.catch(() => undefined);
  try {
    await work(transaction);
    await transaction.done;
  } catch (error) {
    throw isFull(error) || isFull(transaction.error) ? new NoRoomError() : error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof DOMException && error.name === "QuotaExceededError";
}

/** Removes everything this phone keeps, its key too. */
export async function wipe(): Promise<void> {
  heldItems.clear();
  heldResults.clear();
  const database = await openDatabase();
  const stores = [...database.objectStoreNames];
  const transaction = database.transaction(stores, "readwrite");
  await Promise.all([...stores.map((name) => transaction.objectStore(name).clear()), transaction.done]);
}

/** Runs `work` in one tab or worker at a time. */
export async function exclusively<T>(name: string, work: () => Promise<T>): Promise<T> {
  if (!("locks" in navigator)) return work();
  return (await navigator.locks.request(`fallow-${name}`, work)) as T;
}
