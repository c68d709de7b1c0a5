/** What of the thread with the clinic is unread. */

import type { ChangeLine, MessageLine, Thread } from "./thread_contract.ts";

/** How many of the clinic's messages the person has not seen. */
export function countUnread(thread: Thread | null): number {
  return listUnseen(thread).length;
}

/** The newest message of the clinic, where one of them is not seen yet. */
export function findNewestUnseen(thread: Thread | null): MessageLine | null {
  return listUnseen(thread).at(-1) ?? null;
}

/** The thread as it is once everything in it has been on the screen. */
export function withAllSeen(thread: Thread, at: string): Thread {
  const items = thread.items.map((line) => (isUnseen(line) ? { ...line, seen_at: at } : line));
  return { ...thread, items, unread: 0 };
}

function listUnseen(thread: Thread | null): MessageLine[] {
  return (thread?.items ?? []).filter(isUnseen);
}

function isUnseen(line: MessageLine | ChangeLine): line is MessageLine {
  return line.kind === "message" && line.by !== null && line.seen_at === null;
}
