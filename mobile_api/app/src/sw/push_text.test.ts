import { expect, test } from "vitest";
import type { Me, Plan } from "../lib/contract.ts";
import { LANGUAGES, type Language } from "../lib/languages.ts";
import { PUSH_KINDS, PUSH_WORDS } from "../strings/push.ts";
import { decidePushText } from "./push_text.ts";

const NOW = Date.parse("2026-11-22T08:05:00Z");
const me = (discreet: boolean) =>
  ({ discreet, practitioner: { name: "Maya", initials: "M" } }) as unknown as Me;
const plan = {
  plans: [
    {
      day0: "2026-11-16",
      started: { zone: "UTC" },
      steps: [
        { id: "wash", title: "Evening wash", kind: "clean", duration_min: null },
        { id: "mask", title: "Recovery mask", kind: "mask", duration_min: { min: 10, default: 15, max: 20 } },
      ],
      occurrences: ["wash@d6#1", "mask@d6#1"].map((key) => ({
        key,
        kind: "care_step",
        title: key.startsWith("wash") ? "Evening wash" : "Recovery mask",
        withheld: false,
        opens_at: "2026-11-22T06:00:00Z",
        due_at: "2026-11-22T08:00:00Z",
        closes_at: "2026-11-22T12:00:00Z",
      })),
    },
  ],
} as unknown as Plan;
const number = (kind: (typeof PUSH_KINDS)[number]) => PUSH_KINDS.indexOf(kind) + 1;

test("a number gives its neutral text; discreet is the default, also when this phone knows nothing", () => {
  expect(decidePushText(3, me(true), plan, NOW, "en")).toBe("Time for today’s check-in");
  expect(decidePushText(3, null, null, NOW, "en")).toBe("Time for today’s check-in");
  expect(decidePushText(17, me(true), plan, NOW, "en")).toBe("You have an appointment tomorrow");
});

test.each([0, 18, -1, 2.5, "3", null, undefined])(
  "%s is no number of a text, and still shows something",
  (t) => {
    expect(decidePushText(t, me(true), plan, NOW, "en")).toBe(PUSH_WORDS.en.fallback);
  },
);

test("with discreet off the words come from the phone's own plan", () => {
  const text = (kind: (typeof PUSH_KINDS)[number]) =>
    decidePushText(number(kind), me(false), plan, NOW, "en");
  expect(text("check_in_due")).toBe("Day 6 check-in. Under a minute");
  expect(text("care_step")).toBe("Evening wash");
  expect(text("mask_due")).toBe("Recovery mask, 15 minutes");
  expect(text("message")).toBe("New message from Maya");
  expect(text("merged")).toBe("A few things for today");
});

test("of several areas a push is about the one with what is due nearest", () => {
  const [one] = plan.plans;
  const soon = { ...one!.occurrences[0]!, title: "Cool water wash", due_at: "2026-11-22T08:05:00Z" };
  const two = { plans: [one, { ...one, occurrences: [soon] }] } as unknown as Plan;
  const text = decidePushText(number("care_step"), me(false), two, NOW, "en");
  expect(text).toBe("Cool water wash");
});

test("in the client's language, neutral and in detail", () => {
  const text = (language: Language, discreet: boolean) =>
    decidePushText(number("mask_due"), me(discreet), plan, NOW, language);
  expect(text("es", true)).toBe("Un recordatorio tuyo");
  expect(text("es", false)).toBe("Recovery mask, 15 minutos");
  expect(text("ar", true)).toBe("تذكير من اختيارك");
  expect(text("ar", false)).toBe("Recovery mask، 15 دقيقة");
  for (const language of LANGUAGES)
    expect(decidePushText(99, null, null, NOW, language)).toBe(PUSH_WORDS[language].fallback);
});
