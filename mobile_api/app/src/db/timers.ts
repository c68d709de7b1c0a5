import type { MaskTimer } from "../lib/timer.ts";
import { openDatabase } from "./database.ts";

export async function keepTimer(timer: MaskTimer): Promise<void> {
  await (await openDatabase()).put("timers", timer);
}

export async function listTimers(): Promise<MaskTimer[]> {
  return (await openDatabase()).getAll("timers");
}

/** Keeps the newest ten. */
export async function pruneTimers(): Promise<void> {
  const database = await openDatabase();
  const old = (await listTimers()).sort((one, other) => other.ends_at - one.ends_at).slice(10);
  for (const timer of old) await database.delete("timers", timer.id);
}
