import { expect, test } from "vitest";
import type { Plan } from "./contract.ts";
import { listTimedSteps, moveTime } from "./step_times.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const at = (key: string, closes_at: string, more = {}) => ({ key, closes_at, withheld: false, ...more });
const step = (id: string, times: string[], reminds = true) => ({ id, title: id, times, reminds });
const area = (care_plan_id: string) => ({
  care_plan_id,
  method: { id: "laser" },
  steps: [
    step("wash", ["08:00", "20:00"]),
    step("cool", ["12:00"]),
    step("oil", ["21:00"]),
    step("sun", ["09:00"], false),
    step("rest", []),
  ],
  occurrences: [
    at("wash@d6#1", "2026-11-22T13:00:00Z"),
    at("cool@d1#1", "2026-11-18T13:00:00Z"),
    at("oil@d9#1", "2026-11-26T13:00:00Z", { withheld: true }),
    at("sun@d6#1", "2026-11-22T13:00:00Z"),
    at("rest@d6#1", "2026-11-22T13:00:00Z"),
  ],
});

test("only steps that remind and are not over stand there, each once", () => {
  const plan = { plans: [area("a"), area("b")] } as unknown as Plan;
  expect(listTimedSteps(plan, NOW)).toMatchObject([{ id: "wash", times: ["08:00", "20:00"] }]);
  const earlier = area("a");
  const kept = { ...earlier, steps: earlier.steps.map(({ id, title }) => ({ id, title })) };
  expect(listTimedSteps({ plans: [kept] } as unknown as Plan, NOW)).toEqual([]);
  expect(listTimedSteps(null, NOW)).toEqual([]);
});

test("a moved time keeps the day in order, and two never fall together", () => {
  expect(moveTime(["08:00", "20:00"], 0, "21:30")).toEqual(["20:00", "21:30"]);
  expect(moveTime(["08:00", "20:00"], 1, "08:00")).toBeNull();
});
