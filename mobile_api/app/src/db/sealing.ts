/** Photos lie sealed on this phone: AES-GCM, by a key that no script can read out, each bound to its own id. */

import { openDatabase, type KeptPhoto, type SealedPhoto } from "./database.ts";

const CIPHER = "AES-GCM";
const KEY = "photos";
const IV_BYTES = 12;

export async function seal({ bytes, ...about }: KeptPhoto): Promise<SealedPhoto> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(bindTo(about.id, iv), await findKey(), bytes);
  return { ...about, iv, sealed };
}

/** Null where this phone's key does not open it: it was made under another one, or changed. */
export async function unseal({ iv, sealed, ...about }: SealedPhoto): Promise<KeptPhoto | null> {
  try {
    const bytes = await crypto.subtle.decrypt(bindTo(about.id, iv), await findKey(), sealed);
    return { ...about, bytes };
  } catch (error) {
    if (error instanceof DOMException && error.name === "OperationError") return null;
    throw error;
  }
}

const bindTo = (id: string, iv: Uint8Array<ArrayBuffer>) => ({
  name: CIPHER,
  iv,
  additionalData: new TextEncoder().encode(id),
});

/** This phone's key, made when the first photo needs it. Of two tabs that make one, the first keeps it. */
async function findKey(): Promise<CryptoKey> {
  const database = await openDatabase();
  const known = await database.get("keys", KEY);
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: CIPHER, length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = database.transaction("keys", "readwrite", { durability: "strict" });
  const first = await transaction.store.get(KEY);
  if (!first) await transaction.store.put(made, KEY);
  await transaction.done;
  return first ?? made;
}
