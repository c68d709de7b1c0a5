import "fake-indexeddb/auto";
import { beforeEach, expect, test } from "vitest";
import type { Me } from "../lib/contract.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { getCopy, hasCopy, keepCopy, keepFetched } from "./copies.ts";
import { openDatabase, wipe, type SealedPhoto } from "./database.ts";
import { keep } from "./kept.ts";
import { dropPhotos, enqueue, getPhoto, putPhoto, sweepPhotos } from "./outbox.ts";

const SKIN = new TextEncoder().encode("a picture of skin, as bytes");
const photo = (id = uuid7()) => ({ id, view: "close", type: "image/webp", bytes: SKIN.slice().buffer });
const inDatabase = async (id: string) => (await (await openDatabase()).get("photos", id)) as SealedPhoto;

beforeEach(wipe);

test("a photo lies sealed in the database and comes back as it was", async () => {
  const taken = photo();
  await putPhoto(taken);
  const lies = await inDatabase(taken.id);
  expect(Object.keys(lies).toSorted()).toEqual(["id", "iv", "sealed", "type", "view"]);
  expect(Buffer.from(lies.sealed).includes(Buffer.from(SKIN))).toBe(false);
  expect(new Uint8Array((await getPhoto(taken.id))!.bytes)).toEqual(SKIN);
});

test("no script can read the key out, and a sign-out takes it", async () => {
  await putPhoto(photo());
  const database = await openDatabase();
  const key = (await database.getAll("keys"))[0]!;
  await expect(crypto.subtle.exportKey("raw", key)).rejects.toThrow();
  const kept = (await database.getAll("photos"))[0]!;
  await wipe();
  expect(await database.getAll("keys")).toEqual([]);
  await database.put("photos", kept);
  expect(await getPhoto(kept.id)).toBeNull();
});

test("what was changed, or put under another photo's id, is not opened", async () => {
  const [one, other] = [photo(), photo()];
  await putPhoto(one);
  const lies = await inDatabase(one.id);
  const database = await openDatabase();
  await database.put("photos", { ...lies, id: other.id });
  expect(await getPhoto(other.id)).toBeNull();
  const flipped = new Uint8Array(lies.sealed.slice(0));
  flipped[3]! ^= 1;
  await database.put("photos", { ...lies, sealed: flipped.buffer });
  expect(await getPhoto(one.id)).toBeNull();
});

test("photos that were taken at the same moment share one key; one kept before there were keys still opens", async () => {
  const many = [photo(), photo(), photo()];
  await Promise.all(many.map(putPhoto));
  expect(await (await openDatabase()).count("keys")).toBe(1);
  for (const { id } of many) expect(await getPhoto(id)).not.toBeNull();
  const old = photo();
  await (await openDatabase()).put("photos", old);
  expect(new Uint8Array((await getPhoto(old.id))!.bytes)).toEqual(SKIN);
});

test("a photo that was taken anew goes after a day, what waits or is wanted stays", async () => {
  const [left, waiting, wanted] = [photo(), photo(), photo()];
  for (const one of [left, waiting, wanted]) {
    await putPhoto(one);
    await keepCopy(one);
  }
  const body = { care_plan_id: "p", view: "close", occurrence: null, taken_at: "", type: "image/webp" };
  await enqueue([{ kind: "photo", id: waiting.id, body }]);
  await sweepPhotos(new Set([wanted.id]), 0);
  expect(await getPhoto(left.id)).not.toBeNull();
  await sweepPhotos(new Set([wanted.id]), Number.MAX_SAFE_INTEGER);
  expect([await getPhoto(left.id), await getCopy(left.id)]).toEqual([null, null]);
  await dropPhotos([waiting.id]);
  expect(await getPhoto(waiting.id)).not.toBeNull();
  expect(await getCopy(wanted.id)).not.toBeNull();
});

test("a fetched copy is sealed too, and after a sign-out it is not kept", async () => {
  const [during, after] = [photo(), photo()];
  await keep("me", { id: "ana" } as unknown as Me);
  await keepFetched(during);
  expect(new Uint8Array((await getCopy(during.id))!.bytes)).toEqual(SKIN);
  await wipe();
  await keepFetched(after);
  expect([await hasCopy(during.id), await hasCopy(after.id)]).toEqual([false, false]);
});
