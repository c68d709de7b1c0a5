/** Writing to the clinic, also without a connection, and noting what was read. */

import { OfflineError } from "../api/http.ts";
import { keep } from "../db/kept.ts";
import { nowText } from "../lib/clock.ts";
import { findNewestUnseen, withAllSeen } from "../lib/thread.ts";
import { uuid7 } from "../lib/uuid7.ts";
import { orSayFull } from "./room.ts";
import { record, sendRefusedAgain } from "./sending.ts";
import { messageDraft, online, thread } from "./state.ts";
import { keepThread, loadThread } from "./thread.ts";

/** Keeps every letter on this phone until the message is sent. */
export async function writeDraft(words: string): Promise<void> {
  messageDraft.value = words;
  await orSayFull(() => keep("message_draft", words));
}

/**
 * Done once the message is safe on this phone; on a full one it is held while the app is open, as every event is. The
 * box is empty at once, so that a second tap finds nothing to send; the draft that is kept goes last.
 */
export async function sendMessage(words: string): Promise<void> {
  const said = words.trim();
  if (!said || words !== messageDraft.value) return;
  messageDraft.value = "";
  const id = uuid7();
  try {
    await record([{ kind: "message", id, body: { id, words: said, at: nowText() } }]);
  } catch (error) {
    messageDraft.value ||= words;
    throw error;
  }
  await writeDraft(messageDraft.value);
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
