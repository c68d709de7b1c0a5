import { expect, test } from "vitest";
import type { Correction } from "./correction_contract.ts";
import { findNewWords, listUnread } from "./correction_words.ts";
import { withReceipts } from "./corrections.ts";
import type { OutboxItem } from "./flush.ts";
import type { CarePlan } from "./plan_contract.ts";

const AT = "2026-03-08T11:00:00Z";

function correction(id: string, read_at: string | null = null): Correction {
  const step = { id: "blot", title: "Blot it", instruction: "Dab it with a sponge." };
  const words = "Please do not use the sponge any more.";
  return { id, care_plan_id: "p1", version: 1, words, step, by: "Ida", at: AT, read_at };
}

function planWith(instruction: string): CarePlan {
  const steps = [{ id: "blot", title: "Blot it", instruction, kind: "do", duration_min: null }];
  return { care_plan_id: "p1", steps } as unknown as CarePlan;
}

test("what was read without a connection stays read, also where the server has not heard of it", () => {
  const waiting = {
    kind: "correction_read",
    id: "c1",
    body: { correction_id: "c1", at: AT },
    state: "saved",
  } as OutboxItem;
  const known = withReceipts(
    [correction("c1"), correction("c2"), correction("c3", "2026-03-07T08:00:00Z")],
    [waiting],
  );
  expect(known.map((one) => one.read_at)).toEqual([AT, null, "2026-03-07T08:00:00Z"]);
  expect(listUnread(known).map((one) => one.id)).toEqual(["c2"]);
  expect(listUnread(null)).toEqual([]);
});

test("what the plan says by now is shown only where it is no longer what was told", () => {
  expect(findNewWords(correction("c1"), planWith("Dab it with a clean towel."))).toBe(
    "Dab it with a clean towel.",
  );
  expect(findNewWords(correction("c1"), planWith("Dab it with a sponge."))).toBeNull();
  expect(findNewWords(correction("c1"), undefined)).toBeNull();
  expect(findNewWords({ ...correction("c1"), step: null }, planWith("Anything"))).toBeNull();
});
