/** The thread as it is shown: what the server has, and what is still on this phone. */

import { localDate } from "./dates.ts";
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
  const shown = [...lines, ...own].map((line) => withOwnPhotos(line, outbox, now));
  return groupByDay(markRuns(shown), zone);
}

/** A message has arrived once its photos have. */
function withOwnPhotos(line: ShownLine, outbox: OutboxItem[], now: number): ShownLine {
  if (line.kind !== "message") return line;
  const items = outbox.filter((item) => item.kind === "photo" && item.body.message === line.id);
  if (items.length === 0) return line;
  const photos = [...new Set([...(line.photos ?? []), ...items.map(({ id }) => id)])];
  const states = [line.state, ...items.map((item) => stateOfItem(item, now))];
  const behind = (["refused", "late", "saved"] as const).find((state) => states.includes(state));
  return { ...line, photos, state: behind ?? line.state };
}

function stateOf(line: MessageLine): MessageState {
  if (line.by !== null) return "theirs";
  return line.seen_at === null ? "sent" : "seen";
}

function describeOwn(item: OutboxItem, now: number): ShownLine[] {
  if (item.kind !== "message") return [];
  const { id, at, words } = item.body;
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
  return [{ ...line, state: stateOfItem(item, now), last: true }];
}

function stateOfItem(item: OutboxItem, now: number): "saved" | "late" | "refused" | "sent" {
  return item.state === "saved" && now - item.made_at > SENDING_MS ? "late" : item.state;
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
