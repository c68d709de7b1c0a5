import { expect, test } from "vitest";
import type { CarePlan } from "./contract.ts";
import type { KeptResult } from "./kept_result.ts";
import { buildNurseCard } from "./nurse_card.ts";

const NOW = Date.parse("2026-03-11T09:00:00Z");
const choice = (id: string, ...labels: string[]) => ({
  ...{ id, text: `${id}?`, help: null, type: "choice" },
  options: labels.map((label) => ({ value: label, label: label.toUpperCase() })),
});
const on = (id: string, opens_at: string, closes_at: string) => ({
  ...{ key: `${id}@d1#1`, kind: "care_step", title: id, opens_at, closes_at },
  ...{ withheld: false, provisional: false },
});
const plan = {
  care_plan_id: "p",
  day0: "2026-03-05",
  started: { ended_at: "2026-03-05T10:00:00Z", zone: "UTC" },
  questions: {
    fluid: choice("fluid", "none", "smelly"),
    unwell: choice("unwell", "fever"),
    pain: { id: "pain", text: "Pain?", help: null, type: "number", min: 0, max: 10 },
  },
  report: {
    questions: ["pain"],
    signs: [
      { question: "fluid", value: "smelly", label: "It smells", level: "today" },
      { question: "unwell", value: "fever", label: "Fever", level: "today" },
    ],
  },
  steps: [
    { id: "cream", kind: "apply" },
    { id: "mask", kind: "mask" },
    { id: "walk", kind: "do" },
    { id: "hat", kind: "protect" },
  ],
  occurrences: [
    on("cream", "2026-03-10T08:00:00Z", "2026-03-10T20:00:00Z"),
    on("mask", "2026-03-06T08:00:00Z", "2026-03-06T20:00:00Z"),
    on("hat", "2026-03-05T10:00:00Z", "2026-04-05T10:00:00Z"),
    on("walk", "2026-03-10T08:00:00Z", "2026-03-10T20:00:00Z"),
  ],
  earlier: [
    { id: "old", day: 4, answered_at: "2026-03-09T08:00:00Z", answers: { pain: 2 }, planned: true },
    { id: "new", day: 5, answered_at: "2026-03-10T08:00:00Z", answers: { fluid: "smelly" }, planned: true },
  ],
} as unknown as CarePlan;

function kept(id: string, more: Partial<KeptResult> = {}): KeptResult {
  const said = {
    level: "today" as const,
    reasons: [],
    advice: ["See a doctor"],
    sent_at: null,
    server: null,
  };
  return { id, care_plan_id: "p", day: 6, made_at: NOW, ...said, answers: { pain: 7 }, ...more };
}

test("answers are in the plan's words: warning signs, the others, and what is not there", () => {
  const result = kept("c", {
    answers: { pain: 7, fluid: "smelly" },
    excluded: { unwell: ["fever"] },
    note: "since noon",
    photos: [{ id: "f", view: "close" }],
  });
  const { checkIn } = buildNurseCard("c", [plan], [result], NOW)!;
  expect(checkIn).toEqual({
    at: NOW,
    day: 6,
    level: "today",
    advice: ["See a doctor"],
    signs: [{ question: "fluid?", labels: ["It smells"], number: null }],
    answers: [{ question: "Pain?", labels: ["7"], number: { value: 7, most: 10 } }],
    ruledOut: [{ question: "unwell?", labels: ["Fever"], number: null }],
    note: "since noon",
    photos: [{ id: "f", view: "close" }],
  });
});

test("what the plan has put on the skin in the last three days, and how long ago it was done", () => {
  const card = buildNurseCard("p", [plan], [], NOW)!;
  expect([card.day, card.onSkin]).toEqual([6, ["cream"]]);
});

test("a check-in that was sent in part and then whole shows the whole", () => {
  const part = kept("c", { note: "part" });
  const whole = kept("d", { note: "whole", amends: "c" });
  expect(buildNurseCard("c", [plan], [part, whole], NOW)!.checkIn!.note).toBe("whole");
});

test("by its plan it is the newest check-in; of another phone, what the clinic has", () => {
  const older = kept("c", { made_at: NOW - 1, note: "older" });
  const newer = kept("d", { note: "newer" });
  expect(buildNurseCard("p", [plan], [newer, older], NOW)!.checkIn!.note).toBe("newer");
  expect(buildNurseCard("p", [plan], [], NOW)!.checkIn!.signs).toHaveLength(1);
  expect(buildNurseCard("old", [plan], [], NOW)!.checkIn!.day).toBe(4);
});

test("without a plan, or for an unknown id, there is nothing to show", () => {
  expect(buildNurseCard("p", [], [], NOW)).toBeNull();
  expect(buildNurseCard("unknown", [plan], [], NOW)).toBeNull();
});
