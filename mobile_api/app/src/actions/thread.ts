/** The thread with the clinic as this phone keeps it. */

import { effect } from "@preact/signals";
import { getMessages } from "../api/endpoints.ts";
import { getKept, keep } from "../db/kept.ts";
import { countUnread } from "../lib/thread.ts";
import type { Thread } from "../lib/thread_contract.ts";
import { unread } from "../lib/unread.ts";
import { orSayFull } from "./room.ts";
import { messageDraft, thread } from "./state.ts";

effect(() => {
  unread.value = countUnread(thread.value);
});

/** Shows the phone's own copy. */
export async function restoreThread(): Promise<void> {
  thread.value = await getKept("thread");
  messageDraft.value = (await getKept("message_draft")) ?? "";
}

export async function loadThread(): Promise<void> {
  const answer = await getMessages();
  if (answer.status === 200) await keepThread(answer.body);
}

export async function keepThread(news: Thread): Promise<void> {
  thread.value = news;
  await orSayFull(() => keep("thread", news));
}
