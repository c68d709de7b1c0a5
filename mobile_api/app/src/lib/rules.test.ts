/**
 * The plan's help rules on the phone, held to the protocol rules they come from (protocols/README, 30 to 38) and to
 * Python, which judged the cases of rules.cases.json (made by tests/pwa/rule_cases.py, which says what is in it).
 */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { CheckInFacts, Condition, Level, Rule } from "./contract.ts";
import { askNext, assess, moreUrgent, type RuleSet } from "./rules.ts";

function rule(id: string, any: Condition[], extra: Partial<Rule> = {}): Rule {
  const days = { from_day: 0, to_day: 42 };
  return {
    id,
    title: id,
    tell_client: id,
    trigger: { any },
    ...days,
    urgency: "same_day",
    sites: ["scalp"],
    ...extra,
  };
}
function set(rules: Rule[], extra: Partial<RuleSet> = {}): RuleSet {
  return { site: "scalp", rules, signs: {}, modifiers: [], ...extra };
}
function checkIn(day: number, answers: CheckInFacts["answers"], planned = true): CheckInFacts {
  return { day, answers, planned };
}
function fired(rules: RuleSet, today: CheckInFacts, earlier: CheckInFacts[] = []): string[] {
  return assess(rules, today, earlier).fired.map((one) => one.id);
}

describe("each way to compare", () => {
  const cases: [Condition, number | string, boolean][] = [
    [{ question: "q", op: "==", value: 3 }, 3, true],
    [{ question: "q", op: "==", value: 3 }, "3", false],
    [{ question: "q", op: "!=", value: "no" }, "a_bit", true],
    [{ question: "q", op: "!=", value: "no" }, "no", false],
    [{ question: "q", op: "in", value: ["cloudy", "smelly"] }, "smelly", true],
    [{ question: "q", op: "in", value: ["cloudy", "smelly"] }, "none", false],
    [{ question: "q", op: ">=", value: 7 }, 7, true],
    [{ question: "q", op: ">=", value: 7 }, 6, false],
    [{ question: "q", op: "<=", value: 1 }, 1, true],
    [{ question: "q", op: "<=", value: 1 }, 2, false],
  ];
  test.each(cases)("%j on %j", (condition, answer, expected) => {
    expect(fired(set([rule("r", [condition])]), checkIn(5, { q: answer }))).toEqual(expected ? ["r"] : []);
  });
});

test("a question without an answer fires nothing, also not for !=", () => {
  expect(fired(set([rule("r", [{ question: "q", op: "!=", value: "no" }])]), checkIn(5, {}))).toEqual([]);
});

test("all of a list must hold, any of a list is enough", () => {
  const both: Condition[] = [
    { question: "a", op: "==", value: 1 },
    { question: "b", op: "==", value: 1 },
  ];
  const rules = set([rule("any", both), rule("all", [], { trigger: { all: both } })]);
  expect(fired(rules, checkIn(5, { a: 1 }))).toEqual(["any"]);
  expect(fired(rules, checkIn(5, { a: 1, b: 1 }))).toEqual(["any", "all"]);
});

test("days of a rule include both ends; a report is judged past the last day, except for what only needs a look", () => {
  const condition: Condition[] = [{ question: "q", op: "==", value: 1 }];
  const rules = set([
    rule("red", condition, { from_day: 2, to_day: 4 }),
    rule("look", condition, { from_day: 2, to_day: 4, urgency: "practitioner_review" }),
  ]);
  const on = (day: number, planned = true) => fired(rules, checkIn(day, { q: 1 }, planned));
  expect([1, 2, 4, 5].map((day) => on(day).length)).toEqual([0, 2, 2, 0]);
  expect(on(9, false)).toEqual(["red"]);
  expect(on(1, false)).toEqual([]);
});

test("a rise is measured from the last answer of the day to compare with, else from the last before it", () => {
  const rules = set([
    rule("rise", [{ question: "pain", op: "rise_by", value: 3, compare_days: 1, from_day: 2 }]),
  ]);
  const earlier = [checkIn(2, { pain: 1 }), checkIn(4, { pain: 6 }), checkIn(4, { pain: 3 })];
  expect(fired(rules, checkIn(5, { pain: 6 }), earlier)).toEqual(["rise"]);
  expect(fired(rules, checkIn(5, { pain: 5 }), earlier)).toEqual([]);
  expect(fired(rules, checkIn(4, { pain: 4 }), earlier)).toEqual(["rise"]);
  expect(fired(rules, checkIn(5, { pain: 9 }))).toEqual([]);
});

test("more than usual counts in a row, each answer against its own day, passing over check-ins without one", () => {
  const signs = {
    itch: [
      { from_day: 0, to_day: 3, high: 3 },
      { from_day: 4, to_day: 9, high: 6 },
    ],
  };
  const rules = set(
    [rule("more", [{ question: "itch", op: "above_expected", value: 0, answers_in_a_row: 2 }])],
    { signs },
  );
  const earlier = [checkIn(3, { itch: 4 }), checkIn(4, {})];
  expect(fired(rules, checkIn(5, { itch: 7 }), earlier)).toEqual(["more"]);
  expect(fired(rules, checkIn(5, { itch: 6 }), earlier)).toEqual([]);
  expect(fired(rules, checkIn(5, { itch: 7 }), [checkIn(4, { itch: 5 })])).toEqual([]);
  expect(fired(rules, checkIn(12, { itch: 9 }), earlier)).toEqual([]);
  expect(fired(rules, checkIn(5, { itch: 7 }))).toEqual([]);
});

test("with a weak immune system a same-day rule counts from day 0, also inside its conditions", () => {
  const rules = [rule("early", [{ question: "q", op: "==", value: 1, from_day: 3 }], { from_day: 2 })];
  expect(fired(set(rules), checkIn(0, { q: 1 }))).toEqual([]);
  expect(fired(set(rules, { modifiers: ["weak_immunity"] }), checkIn(0, { q: 1 }))).toEqual(["early"]);
  const look = [
    rule("look", [{ question: "q", op: "==", value: 1 }], { from_day: 2, urgency: "practitioner_review" }),
  ];
  expect(fired(set(look, { modifiers: ["weak_immunity"] }), checkIn(0, { q: 1 }))).toEqual([]);
});

test("the most urgent rule gives the level and comes first; other sites do not count", () => {
  const condition: Condition[] = [{ question: "q", op: "==", value: 1 }];
  const rules = set([
    rule("watch", condition, { urgency: "practitioner_review" }),
    rule("today", condition),
    rule("now", condition, { urgency: "emergency" }),
    rule("brows", condition, { sites: ["brows"] }),
  ]);
  const assessment = assess(rules, checkIn(5, { q: 1 }), []);
  expect(assessment.fired.map((one) => one.id)).toEqual(["now", "today", "watch"]);
  expect(assessment.level).toBe("now");
  expect(moreUrgent("watch", "today")).toBe("today");
});

test("an answer outside the usual range without a rule stays on track and is given as a reason", () => {
  const signs = {
    pain: [{ from_day: 0, to_day: 9, high: 4 }],
    fluid: [{ from_day: 0, to_day: 9, allowed: ["none"] }],
  };
  const assessment = assess(set([], { signs }), checkIn(5, { pain: 5, fluid: "clear" }), []);
  expect(assessment.level).toBe("on_track");
  expect(assessment.moreThanUsual.map((one) => one.question)).toEqual(["pain", "fluid"]);
});

test("follow-up questions come once, only for their site, and never from an event the phone cannot see", () => {
  const followUps = [
    {
      id: "heat",
      when: { any: [{ question: "pain", op: ">=" as const, value: 5 }] },
      ask: ["warmth", "pain"],
    },
    {
      id: "eyes",
      when: { any: [{ question: "pain", op: ">=" as const, value: 5 }] },
      ask: ["eyes"],
      sites: ["brows"],
    },
    { id: "mask", when: { any: [{ event: "care_step_done" }] }, ask: ["mask_burned"] },
  ];
  expect(askNext(followUps, { pain: 6 }, ["pain"], 3, "scalp")).toEqual(["warmth"]);
  expect(askNext(followUps, { pain: 4 }, ["pain"], 3, "scalp")).toEqual([]);
});

interface SharedCase {
  name: string;
  protocol: string;
  site: string;
  modifiers: string[];
  check_in: CheckInFacts;
  earlier: CheckInFacts[];
  expected: { level: Level; rule_ids: string[] };
}
interface Shared {
  protocols: Record<string, Pick<RuleSet, "rules" | "signs">>;
  cases: SharedCase[];
}
const shared = JSON.parse(readFileSync(new URL("./rules.cases.json", import.meta.url), "utf8")) as Shared;

test.each(Object.keys(shared.protocols))("the phone says what Python says: %s", (protocol) => {
  const cases = shared.cases.filter((one) => one.protocol === protocol);
  expect(cases.length).toBeGreaterThan(0);
  const said = (one: SharedCase) => {
    const assessment = assess({ ...shared.protocols[protocol]!, ...one }, one.check_in, one.earlier);
    return { level: assessment.level, rule_ids: assessment.fired.map((fired) => fired.id) };
  };
  const answers = Object.fromEntries(cases.map((one) => [one.name, said(one)]));
  expect(answers).toEqual(Object.fromEntries(cases.map((one) => [one.name, one.expected])));
});
