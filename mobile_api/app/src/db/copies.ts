/** Small copies of photos, sealed: what is shown without a connection, to the client and to a nurse. */

import { openDatabase, write, type KeptPhoto } from "./database.ts";
import { seal, unseal } from "./sealing.ts";

export async function keepCopy(copy: KeptPhoto): Promise<void> {
  const sealed = await seal(copy);
  await write(["copies"], (transaction) => transaction.objectStore("copies").put(sealed));
}

export async function hasCopy(id: string): Promise<boolean> {
  return (await (await openDatabase()).getKey("copies", id)) !== undefined;
}

/** Keeps a copy that was fetched, if somebody is still signed in: a sign-out meanwhile must leave nothing behind. */
export async function keepFetched(copy: KeptPhoto): Promise<void> {
  const sealed = await seal(copy);
  await write(
    ["kept", "copies"],
    async (transaction) => {
      const signedIn = (await transaction.objectStore("kept").getKey("me")) !== undefined;
      if (signedIn) await transaction.objectStore("copies").put(sealed);
    },
    "default",
  );
}

export async function getCopy(id: string): Promise<KeptPhoto | null> {
  const kept = await (await openDatabase()).get("copies", id);
  return kept ? unseal(kept) : null;
}
