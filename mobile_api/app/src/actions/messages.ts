/** Writing to the clinic, also without a connection, and noting what was read. */

import { OfflineError } from "../api/http.ts";
import { keep } from "../db/kept.ts";
import { nowText } from "../lib/clock.ts";
import { findNewestUnseen, withAllSeen } from "../lib/thread.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { buildPhotoEvent, settlePhoto } from "./message_photo.ts";
import { orSayFull } from "./room.ts";
import { record, sendRefusedAgain } from "./sending.ts";
import { messageDraft, messagePhoto, online, thread } from "./state.ts";
import { keepThread, loadThread } from "./thread.ts";

/** Keeps every letter on this phone until the message is sent. */
export async function writeDraft(words: string): Promise<void> {
  messageDraft.value = words;
  await orSayFull(() => keep("message_draft", words));
}

/**
 * Done once the message and its photo are safe on this phone; on a full one they are held while the app is open, as every
 * event is. The box is empty at once, so that a second tap finds nothing to send; the draft that is kept goes last.
 */
export async function sendMessage(words: string): Promise<void> {
  const [said, attached] = [words.trim(), messagePhoto.value];
  if ((!said && !attached) || words !== messageDraft.value) return;
  messageDraft.value = "";
  messagePhoto.value = null;
  try {
    await recordMessage(said, attached);
  } catch (error) {
    messageDraft.value ||= words;
    messagePhoto.value ??= attached;
    throw error;
  }
  await writeDraft(messageDraft.value);
  await settlePhoto();
}

async function recordMessage(words: string, attached: string | null): Promise<void> {
  const id = uuid7();
  const photo = attached && (await buildPhotoEvent(attached, id));
  if (!words && !photo) return;
  const body = { id, words, at: nowText(), ...(photo ? { with_photo: true } : {}) };
  await record([{ kind: "message", id, body }, ...(photo ? [photo] : [])]);
}

/** The thread is on the screen: what the clinic wrote has been seen. */
export async function markSeen(): Promise<void> {
  const newest = findNewestUnseen(thread.value);
  if (!thread.value || !newest) return;
  await keepThread(withAllSeen(thread.value, nowText()));
  await record([{ kind: "messages_seen", id: uuid7(), body: { up_to: newest.id } }]);
}

/** Tries again what was not sent, and asks for news. Without a connection all stays as it is. */
export async function sendAgain(): Promise<void> {
  await sendRefusedAgain();
  await lookForNews();
}

export async function lookForNews(): Promise<void> {
  try {
    await loadThread();
    online.value = true;
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    online.value = false;
  }
}
