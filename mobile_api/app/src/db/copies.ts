/** Small copies of the photos of the last check-ins, sealed: what is shown to a nurse without a connection. */

import { openDatabase, write, type KeptPhoto } from "./database.ts";
import { seal, unseal } from "./sealing.ts";

export async function keepCopy(copy: KeptPhoto): Promise<void> {
  const sealed = await seal(copy);
  await write(["copies"], (transaction) => transaction.objectStore("copies").put(sealed));
}

export async function getCopy(id: string): Promise<KeptPhoto | null> {
  const kept = await (await openDatabase()).get("copies", id);
  return kept ? unseal(kept) : null;
}
