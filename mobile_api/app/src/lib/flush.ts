/** Empties the outbox: answers before photos, oldest first, each until the server has said yes or no. */

import type { CheckInBody, Problem, ReceiptBody, StepLogBody, Who } from "./contract.ts";

export interface PhotoBody {
  care_plan_id: string;
  view: string;
  occurrence: string | null;
  taken_at: string;
  type: string;
}
interface Bodies {
  step_log: StepLogBody;
  check_in: CheckInBody;
  receipt: ReceiptBody;
  got_help: { flag_id: string; who: Who };
  photo: PhotoBody;
}
export type Kind = keyof Bodies;
export type OutboxEvent = { [K in Kind]: { kind: K; body: Bodies[K] } }[Kind];
/** `saved`: on this phone only. `sent`: the server has it. `refused`: the server said it cannot take it. */
export type OutboxItem = OutboxEvent & {
  id: string;
  seq: number;
  made_at: number;
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

const BATCH = 100;
const BATCHED: Kind[] = ["step_log", "check_in"];
const LAST: Kind[] = ["photo"];

/** Whether everything that was saved has been settled. Stops at the first sign of trouble on the way to the server. */
export async function flush(outbox: Outbox, sender: Sender): Promise<boolean> {
  const saved = (await outbox.listSaved()).sort((one, other) => one.seq - other.seq);
  const answers = saved.filter((item) => BATCHED.includes(item.kind));
  for (let start = 0; start < answers.length; start += BATCH) {
    if (!(await flushBatch(outbox, sender, answers.slice(start, start + BATCH)))) return false;
  }
  const single = saved.filter((item) => !BATCHED.includes(item.kind));
  const ordered = [
    ...single.filter((item) => !LAST.includes(item.kind)),
    ...single.filter((item) => LAST.includes(item.kind)),
  ];
  for (const item of ordered) {
    const outcome = await sender.send(item);
    if (isTrouble(outcome)) return false;
    await outbox.settle(item, outcome);
  }
  return true;
}

/** A batch that is refused as a whole is halved, until the one item that spoils it stands alone. */
async function flushBatch(outbox: Outbox, sender: Sender, items: OutboxItem[]): Promise<boolean> {
  const outcomes = await sender.sync(items);
  if (Array.isArray(outcomes)) {
    let clear = true;
    for (const [i, item] of items.entries()) {
      const outcome = outcomes[i];
      if (!outcome || isTrouble(outcome)) clear = false;
      else await outbox.settle(item, outcome);
    }
    return clear;
  }
  if (isTrouble(outcomes)) return false;
  if (items.length === 1) {
    await outbox.settle(items[0]!, outcomes);
    return true;
  }
  const middle = Math.ceil(items.length / 2);
  const first = await flushBatch(outbox, sender, items.slice(0, middle));
  return (await flushBatch(outbox, sender, items.slice(middle))) && first;
}

/** Signed out, too many requests or a server in trouble: nothing is wrong with the item, so it stays. */
function isTrouble(outcome: Outcome): boolean {
  return outcome.status === 401 || outcome.status === 408 || outcome.status === 429 || outcome.status >= 500;
}
