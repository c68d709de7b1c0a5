import { expect, test } from "vitest";
import type { Area, Occurrence, Plan, StepItem, Today } from "./contract.ts";
import { dayOf, decideToday, listDots, listOpen, withNext, withStops, withTaps } from "./day.ts";

const at = (text: string) => Date.parse(text);

function step(key: string, from: string, until: string): StepItem {
  const base = {
    step_id: "wash",
    title: "Wash",
    instruction: "",
    kind: "clean",
    timer: null,
    local: from.slice(0, 16),
  };
  return { ...base, key, due_at: from, opens_at: from, closes_at: until, state: "upcoming" };
}
function today(steps: StepItem[], date = "2026-11-22"): Today {
  const area = { care_plan_id: "p", day: 6, steps, dots: [], flag: null } as unknown as Area;
  return { now: `${date}T06:00:00Z`, date, areas: [area], banner: null, next_check_in: null };
}
function occurrence(
  key: string,
  kind: Occurrence["kind"],
  day: number,
  from: string,
  until: string,
): Occurrence {
  const times = { opens_at: from, due_at: from, closes_at: until, local: from.slice(0, 16) };
  const rest = { state: "upcoming" as const, provisional: false, withheld: false };
  return { key, care_plan_id: "p", kind, title: key, day, ...times, ...rest };
}
const plan = {
  now: "2026-11-22T06:00:00Z",
  plan_version: 1,
  plans: [
    {
      care_plan_id: "p",
      method: { id: "saline", name: "Saline" },
      site: "scalp",
      started: { ended_at: "2026-11-16T10:00:00Z", zone: "UTC" },
      day0: "2026-11-16",
      phases: [
        { name: "a", from_day: 0, to_day: 6, what_is_usual: "early" },
        { name: "b", from_day: 7, to_day: 180, what_is_usual: "late" },
      ],
      steps: [
        { id: "wash", title: "Wash", instruction: "Gently.", kind: "clean", duration_min: null },
        { id: "bare", title: "Bare", instruction: "Leave it bare.", kind: "avoid", duration_min: null },
      ],
      occurrences: [
        occurrence("wash@d6#1", "care_step", 6, "2026-11-22T08:00:00Z", "2026-11-22T14:00:00Z"),
        occurrence("wash@d7#1", "care_step", 7, "2026-11-23T08:00:00Z", "2026-11-23T14:00:00Z"),
        {
          ...occurrence("wash@d7#2", "care_step", 7, "2026-11-23T20:00:00Z", "2026-11-24T04:00:00Z"),
          withheld: true,
        },
        occurrence("bare@d0#1", "care_step", 0, "2026-11-16T10:00:00Z", "2026-12-01T00:00:00Z"),
        occurrence("check_in@d7", "check_in", 7, "2026-11-23T04:00:00Z", "2026-11-24T04:00:00Z"),
      ],
    },
  ],
} as unknown as Plan;

test("on its own day the server's answer counts, with open and missed moved on by the clock", () => {
  const kept = today([step("wash@d6#1", "2026-11-22T08:00:00Z", "2026-11-22T14:00:00Z")]);
  const state = (now: string) => decideToday(kept, plan, at(now), "UTC")?.areas[0]?.steps[0]?.state;
  expect(
    ["T07:59:59Z", "T08:00:00Z", "T13:59:59Z", "T14:00:00Z"].map((time) => state(`2026-11-22${time}`)),
  ).toEqual(["upcoming", "open", "open", "missed"]);
});

test("on a later day without a connection the plan on the phone tells the day, its steps and its check-in", () => {
  const day = decideToday(today([]), plan, at("2026-11-23T09:00:00Z"), "UTC");
  expect(day?.date).toBe("2026-11-23");
  expect(day?.areas[0]?.day).toBe(7);
  expect(day?.areas[0]?.phase.what_is_usual).toBe("late");
  expect(day?.areas[0]?.steps.map((one) => [one.key, one.state, one.instruction])).toEqual([
    ["wash@d7#1", "open", "Gently."],
  ]);
  expect(day?.areas[0]?.avoid.map((one) => [one.id, one.instruction])).toEqual([["bare", "Leave it bare."]]);
  expect(day?.next_check_in).toMatchObject({ key: "check_in@d7", state: "open" });
});

test("before 4 am it is still the day before", () => {
  expect(dayOf(plan.plans[0]!, at("2026-11-23T03:59:00Z"))).toBe(6);
  expect(dayOf(plan.plans[0]!, at("2026-11-23T04:00:00Z"))).toBe(7);
});

test("taps that the server does not know yet lie over its answer, the last one wins", () => {
  const kept = today([step("wash@d6#1", "2026-11-22T08:00:00Z", "2026-11-22T14:00:00Z")]);
  const tap = { occurrence: "wash@d6#1", care_plan_id: "p", at: "2026-11-22T08:01:00Z" };
  const state = (...events: ("done" | "undone")[]) =>
    withTaps(
      kept,
      events.map((event) => ({ ...tap, event })),
    ).areas[0]?.steps[0]?.state;
  expect(state("done")).toBe("done");
  expect(state("done", "undone")).toBe("open");
  expect(withTaps(kept, [{ ...tap, event: "done", care_plan_id: "other" }]).areas[0]?.steps[0]?.state).toBe(
    "upcoming",
  );
});

test("14 days are dots; after day 14 a dot is a week", () => {
  const dots = (day: number) =>
    Array.from({ length: Math.max(14, day + 1) }, (_, i) => ({
      day: i,
      state: i === day ? ("today" as const) : i === 3 || i === 15 ? ("done" as const) : ("missed" as const),
    }));
  expect(listDots({ day: 6, dots: dots(6) }).dots).toHaveLength(14);
  expect(listDots({ day: 14, dots: dots(14) }).weeks).toBe(false);
  const { weeks, dots: row } = listDots({ day: 30, dots: dots(30) });
  expect(weeks).toBe(true);
  expect(row.map((dot) => dot.number)).toEqual([1, 2, 3, 4, 5]);
  expect(row.map((dot) => dot.state)).toEqual(["done", "missed", "done", "missed", "today"]);
});

test("a red answer that is only on this phone stops masks and creams, a graver one every step", () => {
  const mask = { ...step("mask@d6#1", "2026-11-22T08:00:00Z", "2026-11-22T14:00:00Z"), kind: "mask" };
  const wash = step("wash@d6#1", "2026-11-22T08:00:00Z", "2026-11-22T14:00:00Z");
  const done = { ...mask, key: "mask@d5#1", state: "done" as const };
  const left = (care_plan_id: string, level: "watch" | "today" | "now") =>
    withStops(today([mask, wash, done]), [{ care_plan_id, level }]).areas[0]!.steps.map((one) => one.key);
  expect(left("p", "watch")).toEqual([mask.key, wash.key, done.key]);
  expect(left("other", "now")).toEqual([mask.key, wash.key, done.key]);
  expect(left("p", "today")).toEqual([wash.key, done.key]);
  expect(left("p", "now")).toEqual([done.key]);
});

test("without a connection no check-in is due that the plan has given up", () => {
  const one = plan.plans[0]!;
  const over = one.occurrences.map((each) => ({ ...each, state: "superseded" as const }));
  const ended = { ...plan, plans: [{ ...one, occurrences: over }] };
  expect(decideToday(null, ended, at("2026-11-23T09:00:00Z"), "UTC")?.next_check_in).toBeNull();
});

test("after one area's check-in was answered on this phone, the next area's is the one to do", () => {
  const [one] = plan.plans;
  const occurrences = one!.occurrences.map((each) => ({ ...each, care_plan_id: "q" }));
  const two = { ...plan, plans: [one!, { ...one!, care_plan_id: "q", occurrences }] };
  const now = at("2026-11-23T09:00:00Z");
  const day = decideToday(null, two, now, "UTC")!;
  const answered =
    (...ids: string[]) =>
    (due: { care_plan_id: string }) =>
      ids.includes(due.care_plan_id);
  expect(listOpen(day, two, answered(), now).map((due) => due.care_plan_id)).toEqual(["p", "q"]);
  expect(withNext(day, two, answered("p"), now).next_check_in?.care_plan_id).toBe("q");
  expect(withNext(day, two, answered("p", "q"), now).next_check_in?.care_plan_id).toBe("p");
  expect(withNext(day, two, answered(), now).next_check_in?.care_plan_id).toBe("p");
});

test("without a connection a paused plan stays paused until its time, and no day of it was missed", () => {
  const kept = today([]);
  kept.areas[0] = { ...kept.areas[0]!, paused: true, paused_until: "2026-11-24T04:00:00Z" };
  const area = (now: string) => decideToday(kept, plan, at(now), "UTC")?.areas[0];
  const paused = area("2026-11-23T09:00:00Z");
  expect([paused?.paused, paused?.paused_until]).toEqual([true, "2026-11-24T04:00:00Z"]);
  expect(paused?.dots[6]?.state).toBe("upcoming");
  expect(area("2026-11-24T09:00:00Z")?.paused).toBe(false);
});
