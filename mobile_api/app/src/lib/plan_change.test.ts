import { expect, test } from "vitest";
import type { CarePlan, Occurrence, Plan } from "./contract.ts";
import { findPlanChange } from "./plan_change.ts";

const NOW = Date.parse("2026-03-11T09:00:00Z");
const AHEAD = "2026-03-20T08:00:00Z";

function step(id: string, over: Partial<Occurrence> = {}): Occurrence {
  const at = { opens_at: AHEAD, due_at: AHEAD, closes_at: "2026-03-21T08:00:00Z", local: "2026-03-20T08:00" };
  const about = { key: `${id}@d10#1`, care_plan_id: "p", kind: "care_step" as const, title: id, day: 10 };
  return { ...about, ...at, state: "upcoming", provisional: false, withheld: false, ...over };
}
function build(version: number, occurrences: Occurrence[], anchors: Record<string, string> = {}): Plan {
  const ids = [...new Set(occurrences.map((one) => one.title))];
  const steps = ids.map((id) => ({ id, title: id, instruction: id, kind: "do", duration_min: null }));
  const started = { ended_at: "2026-03-05T10:00:00Z", zone: "UTC" };
  const plan = { care_plan_id: "p", overlay_version: version, anchors, started, steps, occurrences };
  return { now: "", plan_version: "", plans: [plan as unknown as CarePlan] };
}

test("a first plan, the same plan, and a day that turned are no change", () => {
  const plan = build(1, [step("wash")]);
  expect(findPlanChange(null, plan, NOW)).toBeNull();
  expect(findPlanChange(plan, plan, NOW)).toBeNull();
  const forecast = build(1, [step("wash", { opens_at: "2026-03-21T08:00:00Z" })]);
  expect(findPlanChange(plan, forecast, NOW)).toBeNull();
});

test("another version names what is new, what is different and what is gone", () => {
  const before = build(1, [step("wash"), step("oil"), step("rest")]);
  const after = build(2, [step("wash", { local: "2026-03-20T20:00" }), step("rest"), step("mask")]);
  expect(findPlanChange(before, after, NOW)).toEqual({ added: ["mask"], changed: ["wash"], gone: ["oil"] });
});

test("a date that was found moves what hangs on it; what is over is not spoken of", () => {
  const past = { opens_at: "2026-03-06T08:00:00Z", closes_at: "2026-03-07T08:00:00Z" };
  const before = build(1, [step("oil"), step("blot", past)]);
  const after = build(1, [step("oil", { opens_at: "2026-03-13T08:00:00Z" })], { scabs_off: "2026-03-11" });
  expect(findPlanChange(before, after, NOW)).toEqual({ added: [], changed: ["oil"], gone: [] });
});
