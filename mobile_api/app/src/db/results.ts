import { openDatabase, type KeptResult } from "./database.ts";

export type { KeptResult } from "./database.ts";

const KEEP = 14;

/** Keeps a check-in's outcome; the oldest ones that the server has go. */
export async function keepResult(result: KeptResult): Promise<void> {
  const database = await openDatabase();
  await database.put("results", result);
  const all = (await database.getAll("results")).sort((one, other) => other.made_at - one.made_at);
  for (const old of all.slice(KEEP).filter((one) => one.sent_at !== null))
    await database.delete("results", old.id);
}

export async function getResult(id: string): Promise<KeptResult | null> {
  return (await (await openDatabase()).get("results", id)) ?? null;
}

export async function listResults(): Promise<KeptResult[]> {
  return (await openDatabase()).getAll("results");
}
