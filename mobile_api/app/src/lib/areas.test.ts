import { expect, test } from "vitest";
import { isPaused, listMoments, mergeAdvice, sortByUrgency } from "./areas.ts";
import type { Area, StepItem } from "./contract.ts";

const area = (care_plan_id: string, area_name: string, rest: Partial<Area> = {}) =>
  ({ care_plan_id, area_name, site: "scalp", steps: [], avoid: [], ...rest }) as unknown as Area;
const step = (key: string, time: string) =>
  ({ key, title: key, due_at: `2026-11-22T${time}:00Z`, local: `2026-11-22T${time}` }) as StepItem;
const rule = (title: string, until_text = "", instruction = "why") => ({
  id: title,
  title,
  instruction,
  until_text,
});

test("steps of all areas stand in one list by moment, each with its area", () => {
  const crown = area("c", "Crown", { steps: [step("wash", "08:00"), step("mask", "20:00")] });
  const brow = area("b", "Left brow", { steps: [step("blot", "08:45"), step("wash", "09:00")] });
  const moments = listMoments([crown, brow]).map(({ local, steps }) => [
    local.slice(-5),
    steps.map((one) => `${one.step.key} ${one.area}`),
  ]);
  expect(moments).toEqual([
    ["08:00", ["wash Crown", "blot Left brow"]],
    ["09:00", ["wash Left brow"]],
    ["20:00", ["mask Crown"]],
  ]);
});

test("one area alone keeps its order, is not named, and its steps say their times themselves", () => {
  const crown = area("c", "Crown", { steps: [step("mask", "20:00"), step("wash", "08:00")] });
  const [only, ...more] = listMoments([crown]);
  expect(more).toEqual([]);
  expect(only?.local).toBe("");
  expect(only?.steps.map((one) => [one.step.key, one.area])).toEqual([
    ["mask", ""],
    ["wash", ""],
  ]);
  expect(listMoments([area("c", "Crown")])).toEqual([]);
});

test("a rule of the same words stands there once and names areas only where they differ", () => {
  const crown = area("c", "Crown", { avoid: [rule("No picking", "20 March"), rule("No sun", "1 May")] });
  const brow = area("b", "Brow", { avoid: [rule("No picking", "9 March"), rule("Keep dry", "9 March")] });
  const merged = mergeAdvice([crown, brow], (one) => one.avoid);
  expect(merged.map(({ title, areas, untils }) => ({ title, areas, untils }))).toEqual([
    {
      title: "No picking",
      areas: [],
      untils: [
        { text: "20 March", areas: ["Crown"] },
        { text: "9 March", areas: ["Brow"] },
      ],
    },
    { title: "No sun", areas: ["Crown"], untils: [{ text: "1 May", areas: [] }] },
    { title: "Keep dry", areas: ["Brow"], untils: [{ text: "9 March", areas: [] }] },
  ]);
});

test("the same title with other words is another rule", () => {
  const crown = area("c", "Crown", { avoid: [rule("Keep dry", "", "a day")] });
  const brow = area("b", "Brow", { avoid: [rule("Keep dry", "", "a week")] });
  expect(mergeAdvice([crown, brow], (one) => one.avoid)).toHaveLength(2);
});

test("what is urgent stands first, the rest in its order", () => {
  const areas = ["a", "b", "c"].map((id) => area(id, id));
  const sorted = sortByUrgency(areas, (one) => one.care_plan_id === "c");
  expect(sorted.map((one) => one.care_plan_id)).toEqual(["c", "a", "b"]);
});

test("a pause ends by itself at its time, and one without a time does not", () => {
  const until = area("c", "Crown", { paused: true, paused_until: "2026-11-25T04:00:00Z" });
  expect(isPaused(until, Date.parse("2026-11-25T03:59:59Z"))).toBe(true);
  expect(isPaused(until, Date.parse("2026-11-25T04:00:00Z"))).toBe(false);
  expect(isPaused(area("c", "Crown", { paused: true, paused_until: null }), Infinity)).toBe(true);
  expect(isPaused(area("c", "Crown"), 0)).toBe(false);
});
