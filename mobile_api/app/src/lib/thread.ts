/** The thread as it is shown: what the server has, and what is still on this phone. */

import { daysBetween, localDate } from "./dates.ts";
import type { OutboxItem } from "./flush.ts";
import type { ChangeLine, MessageLine, Thread } from "./thread_contract.ts";

/** `saved`: on this phone only. `late`: so for longer than sending takes. `refused`: the server cannot take it. */
export type MessageState = "saved" | "late" | "refused" | "sent" | "seen" | "theirs";
/** `last`: of a run of messages by one side; below it stand its time and state. */
export type ShownLine = ChangeLine | (MessageLine & { state: MessageState; last: boolean });
export interface ThreadDay {
  date: string;
  lines: ShownLine[];
}

/** From so long after writing on, a message that waits is called not sent. */
const SENDING_MS = 60_000;
/** Messages further apart than this have times of their own. */
const RUN_MS = 10 * 60_000;

/** All lines by day in `zone`, oldest first. What this phone wrote and the server does not show yet stands at the end. */
export function listDays(
  thread: Thread | null,
  outbox: OutboxItem[],
  now: number,
  zone: string,
): ThreadDay[] {
  const known = thread?.items ?? [];
  const ids = new Set(known.map((line) => line.id));
  const own = outbox.flatMap((item) => (ids.has(item.id) ? [] : describeOwn(item, now)));
  const lines: ShownLine[] = known.map((line) =>
    line.kind === "message" ? { ...line, state: stateOf(line), last: true } : line,
  );
  return groupByDay(markRuns([...lines, ...own]), zone);
}

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

/** 0 for today, 1 for yesterday, and so on. */
export function daysAgo(date: string, now: number, zone: string): number {
  return daysBetween(date, localDate(now, zone));
}

function listUnseen(thread: Thread | null): MessageLine[] {
  return (thread?.items ?? []).filter(isUnseen);
}

function isUnseen(line: MessageLine | ChangeLine): line is MessageLine {
  return line.kind === "message" && line.by !== null && line.seen_at === null;
}

function stateOf(line: MessageLine): MessageState {
  if (line.by !== null) return "theirs";
  return line.seen_at === null ? "sent" : "seen";
}

function describeOwn(item: OutboxItem, now: number): ShownLine[] {
  if (item.kind !== "message") return [];
  const { id, at, words } = item.body;
  const waits = item.state === "saved" && now - item.made_at > SENDING_MS;
  const line = {
    kind: "message" as const,
    id,
    by: null,
    at,
    words,
    received_at: at,
    seen_at: null,
    check_in: null,
  };
  return [{ ...line, state: waits ? "late" : item.state, last: true }];
}

function markRuns(lines: ShownLine[]): ShownLine[] {
  return lines.map((line, i) => {
    const next = lines[i + 1];
    if (line.kind !== "message" || next?.kind !== "message") return line;
    const alike = next.by === line.by && next.state === line.state && !line.check_in && !next.check_in;
    return { ...line, last: !alike || Date.parse(next.at) - Date.parse(line.at) > RUN_MS };
  });
}

function groupByDay(lines: ShownLine[], zone: string): ThreadDay[] {
  const days: ThreadDay[] = [];
  for (const line of lines) {
    const date = localDate(Date.parse(line.at), zone);
    if (days.at(-1)?.date !== date) days.push({ date, lines: [] });
    days.at(-1)!.lines.push(line);
  }
  return days;
}
