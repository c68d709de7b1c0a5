import { NoRoomError, openDatabase, write, type KeptResult } from "./database.ts";
import { heldResults } from "./held.ts";

export type { KeptResult } from "./database.ts";

const KEEP = 14;

/** Keeps a check-in's outcome; the oldest ones that the server has go. */
export async function keepResult(result: KeptResult): Promise<void> {
  try {
    await write(["results"], (transaction) => transaction.objectStore("results").put(result));
    heldResults.delete(result.id);
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    heldResults.set(result.id, result);
  }
  const database = await openDatabase();
  const all = (await database.getAll("results")).sort((one, other) => other.made_at - one.made_at);
  for (const old of all.slice(KEEP).filter((one) => one.sent_at !== null))
    await database.delete("results", old.id);
}

export async function getResult(id: string): Promise<KeptResult | null> {
  return heldResults.get(id) ?? (await (await openDatabase()).get("results", id)) ?? null;
}

export async function listResults(): Promise<KeptResult[]> {
  const kept = await (await openDatabase()).getAll("results");
  return [...kept.filter((one) => !heldResults.has(one.id)), ...heldResults.values()];
}
