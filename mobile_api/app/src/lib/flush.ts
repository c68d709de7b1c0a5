/** Empties the outbox: answers before photos, oldest first, each until the server has said yes or no. */

import type { MessagesSeen } from "./api_types.ts";
import { ageOf, type Moment } from "./clock.ts";
import type {
  CheckInBody,
  CorrectionRead,
  MessageBody,
  Problem,
  ReceiptBody,
  StepLogBody,
  Who,
} from "./contract.ts";

/** `message`: the one that it belongs to, where it shows none of the plan's views. */
export interface PhotoBody {
  care_plan_id: string;
  view: string;
  message?: string;
  occurrence: string | null;
  taken_at: string;
  type: string;
}
interface Bodies {
  step_log: StepLogBody;
  check_in: CheckInBody;
  receipt: ReceiptBody;
  got_help: { flag_id: string; who: Who };
  message: MessageBody;
  messages_seen: MessagesSeen;
  correction_read: CorrectionRead;
  photo: PhotoBody;
}
export type Kind = keyof Bodies;
export type OutboxEvent = { [K in Kind]: { kind: K; body: Bodies[K] } }[Kind];
/** `saved`: on this phone only. `sent`: the server has it. `refused`: the server said it cannot take it. */
export type OutboxItem = OutboxEvent & {
  id: string;
  seq: number;
  made_at: number;
  /** The same by the clock that nobody sets. */
  made?: Moment;
  state: "saved" | "sent" | "refused";
  settled_at?: number;
  problem?: string;
};
export interface Outcome {
  status: number;
  body?: unknown;
  problem?: Problem;
}
export interface Outbox {
  listSaved(): Promise<OutboxItem[]>;
  settle(item: OutboxItem, outcome: Outcome): Promise<void>;
}
export interface Sender {
  /** Rejects when there is no connection. One outcome an item, in the same order; or one for the whole batch. */
  sync(items: OutboxItem[]): Promise<Outcome[] | Outcome>;
  send(item: OutboxItem): Promise<Outcome>;
}

/** The server takes no longer ones. */
const OLDEST_MS = 999_999_999;

/**
 * How long ago the thing was that an item claims a time for, whatever the phone's clock says; null where this phone does
 * not know. A timer that ended unseen was over before it was noted.
 */
export function ageOfItem(item: OutboxItem): number | null {
  const claimed = claimOf(item);
  const since = ageOf(item.made);
  if (claimed === null || since === null) return null;
  const age = Math.round(since + Math.max(0, item.made_at - claimed));
  return age <= OLDEST_MS ? age : null;
}

function claimOf(item: OutboxItem): number | null {
  if (item.kind === "step_log" || item.kind === "message") return Date.parse(item.body.at);
  if (item.kind === "check_in") return Date.parse(item.body.answered_at);
  return item.kind === "photo" ? Date.parse(item.body.taken_at) : null;
}

const BATCH = 100;
const BATCHED: Kind[] = ["step_log", "check_in", "message"];
const LAST: Kind[] = ["photo"];
/** Of no use to the person: whatever the server said of them, they go. */
export const PASSING: Kind[] = ["receipt", "messages_seen", "correction_read"];
/** The server stumbled over this one item: it stays for a later time, and the others go on. */
const FAULT = 500;

/** `some`: the way is open, but single items had to stay. `stop`: nothing gets through just now. */
type Progress = "clear" | "some" | "stop";

/** Whether everything that was saved has been settled. Stops where nothing gets through; one item holds up no other. */
export async function flush(outbox: Outbox, sender: Sender): Promise<boolean> {
  const saved = (await outbox.listSaved()).sort((one, other) => one.seq - other.seq);
  const answers = saved.filter((item) => BATCHED.includes(item.kind));
  let clear = true;
  for (let start = 0; start < answers.length; start += BATCH) {
    const progress = await flushBatch(outbox, sender, answers.slice(start, start + BATCH));
    if (progress === "stop") return false;
    clear &&= progress === "clear";
  }
  const single = saved.filter((item) => !BATCHED.includes(item.kind));
  const ordered = [
    ...single.filter((item) => !LAST.includes(item.kind)),
    ...single.filter((item) => LAST.includes(item.kind)),
  ];
  for (const item of ordered) {
    const outcome = await sender.send(item);
    if (isTrouble(outcome) && outcome.status !== FAULT) return false;
    if (isTrouble(outcome)) clear = false;
    else await outbox.settle(item, outcome);
  }
  return clear;
}

/** A batch that is refused as a whole is halved, until the one item that spoils it stands alone. */
async function flushBatch(outbox: Outbox, sender: Sender, items: OutboxItem[]): Promise<Progress> {
  const outcomes = await sender.sync(items);
  if (Array.isArray(outcomes)) {
    let progress: Progress = "clear";
    for (const [i, item] of items.entries()) {
      const outcome = outcomes[i];
      if (!outcome || isTrouble(outcome)) progress = "some";
      else await outbox.settle(item, outcome);
    }
    return progress;
  }
  if (isTrouble(outcomes)) return "stop";
  if (items.length === 1) {
    await outbox.settle(items[0]!, outcomes);
    return "clear";
  }
  const middle = Math.ceil(items.length / 2);
  const first = await flushBatch(outbox, sender, items.slice(0, middle));
  if (first === "stop") return "stop";
  const second = await flushBatch(outbox, sender, items.slice(middle));
  return second === "clear" ? first : second;
}

/** Signed out, too many requests or a server in trouble: nothing is wrong with the item, so it stays. */
function isTrouble(outcome: Outcome): boolean {
  return outcome.status === 401 || outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}
