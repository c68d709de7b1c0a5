/** How the outbox reaches the server: answers in batches, the rest one by one. */

import type { Problem, SyncAnswer } from "../lib/contract.ts";
import { ageOfItem, type OutboxItem, type Outcome, type Sender } from "../lib/flush.ts";
import { request } from "./http.ts";

/** `bytesOf` gives the bytes of a photo, or null when this phone no longer has them. */
export function buildSender(bytesOf: (id: string) => Promise<ArrayBuffer | null>): Sender {
  return {
    async sync(items) {
      const events = items.map((item) => ({ type: item.kind, body: withAge(item) }));
      const answer = await request<SyncAnswer>("POST", "/sync", { body: { events } });
      if (answer.status >= 300) return toOutcome(answer.status, answer.body);
      return items.map((item, i) => {
        const result = answer.body.results.find((one) => one.id === item.id) ?? answer.body.results[i];
        return result ?? { status: 503 };
      });
    },
    send: (item) => sendOne(item, bytesOf),
  };
}

async function sendOne(
  item: OutboxItem,
  bytesOf: (id: string) => Promise<ArrayBuffer | null>,
): Promise<Outcome> {
  if (item.kind === "receipt") return post("/receipts", item.body);
  if (item.kind === "got_help") return post(`/flags/${item.body.flag_id}/got-help`, { who: item.body.who });
  if (item.kind === "message") return post("/messages", withAge(item));
  if (item.kind === "messages_seen") return post("/messages/seen", item.body);
  if (item.kind === "correction_read")
    return post(`/corrections/${item.body.correction_id}/read`, { at: item.body.at });
  if (item.kind !== "photo")
    return post(item.kind === "check_in" ? "/check-ins" : "/step-logs", withAge(item));
  const bytes = await bytesOf(item.id);
  if (!bytes) return { status: 410 };
  const { care_plan_id, view, message, occurrence, taken_at, type } = item.body;
  const shows = message ? { message } : { view };
  const when = occurrence ? { occurrence } : {};
  const query = new URLSearchParams({ care_plan_id, ...shows, ...when, taken_at });
  const age = ageOfItem(item);
  if (age !== null) query.set("age_ms", `${age}`);
  const answer = await request("PUT", `/photos/${item.id}?${query}`, { bytes, type });
  return toOutcome(answer.status, answer.body);
}

/** How old it is at this very sending: the server tells by it when the phone's clock was wrong. */
function withAge(item: OutboxItem) {
  return { ...item.body, age_ms: ageOfItem(item) };
}

async function post(path: string, body: unknown): Promise<Outcome> {
  const answer = await request("POST", path, { body });
  return toOutcome(answer.status, answer.body);
}

function toOutcome(status: number, body: unknown): Outcome {
  return status < 300 ? { status, body } : { status, problem: body as Problem };
}
