import { openDB, type DBSchema, type IDBPDatabase } from "idb";
import type { Level, Result } from "../lib/contract.ts";
import type { OutboxItem } from "../lib/flush.ts";
import type { MaskTimer } from "../lib/timer.ts";

/** A check-in's outcome: what the phone said, and what the server said once it answered. */
export interface KeptResult {
  id: string;
  care_plan_id: string | null;
  day: number;
  made_at: number;
  level: Level;
  reasons: string[];
  advice: string[];
  sent_at: number | null;
  server: Result | null;
}
export interface KeptPhoto {
  id: string;
  view: string;
  type: string;
  bytes: ArrayBuffer;
}
export interface PhoneSchema extends DBSchema {
  kept: { key: string; value: unknown };
  outbox: { key: number; value: OutboxItem; indexes: { id: string } };
  results: { key: string; value: KeptResult };
  photos: { key: string; value: KeptPhoto };
  timers: { key: string; value: MaskTimer };
}
export type Database = IDBPDatabase<PhoneSchema>;

const NAME = "fallow";
let opened: Promise<Database> | null = null;

export function openDatabase(): Promise<Database> {
  opened ??= openDB<PhoneSchema>(NAME, 1, {
    upgrade(database) {
      database.createObjectStore("kept");
      database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true }).createIndex("id", "id", {
        unique: true,
      });
      database.createObjectStore("results", { keyPath: "id" });
      database.createObjectStore("photos", { keyPath: "id" });
      database.createObjectStore("timers", { keyPath: "id" });
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

/** Removes everything this phone keeps. */
export async function wipe(): Promise<void> {
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
