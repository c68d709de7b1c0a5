import { expect, test } from "vitest";
import * as forms from "./check_in_form.ts";
import { startPlanned, startReport } from "./check_in_start.ts";
import type { CarePlan, PlanCheckIn, Question, WarningSign } from "./contract.ts";

const AT = "2026-11-22T08:00:00Z";
const question = (id: string): Question => ({ id, text: id, help: null, type: "number" });
const sign = (name: string, value: string, level: WarningSign["level"]): WarningSign => ({
  question: name,
  value,
  label: `${name} ${value}`,
  level,
});
const CLOUDY = sign("fluid", "cloudy", "today");
const LINES = sign("spread", "lines", "today");
const SPREADING = sign("spread", "spreading", "today");
const FEVER = sign("unwell", "fever", "today");
const ALL = ["scalp", "brows", "body"];
const days = { from_day: 0, to_day: 42, sites: ALL };

const plan = {
  care_plan_id: "plan",
  site: "scalp",
  questions: Object.fromEntries(["pain", "itch", "warmth", "eyes"].map((id) => [id, question(id)])),
  signs: {},
  modifiers: [],
  earlier: [],
  rules: [
    {
      ...days,
      id: "both",
      title: "",
      tell_client: "",
      urgency: "emergency",
      trigger: {
        all: [
          { question: "unwell", op: "==", value: "fever" },
          { question: "spread", op: "==", value: "spreading" },
        ],
      },
    },
    {
      ...days,
      id: "pain",
      title: "",
      tell_client: "",
      urgency: "same_day",
      trigger: { any: [{ question: "pain", op: ">=", value: 7 }] },
    },
  ],
  follow_ups: [
    { id: "heat", when: { any: [{ question: "pain", op: ">=", value: 5 }] }, ask: ["warmth"] },
    { id: "eyes", when: { any: [{ question: "warmth", op: ">=", value: 2 }] }, ask: ["eyes"] },
  ],
  photo_protocol: {
    how: [],
    views: [
      { id: "front", label: "" },
      { id: "close", label: "" },
    ],
    retake_if: [],
  },
  report: { questions: ["pain"], signs: [CLOUDY] },
} as unknown as CarePlan;

const planned = {
  key: "check_in@d6",
  day: 6,
  pages: { asked: ["pain", "itch"], signs: [CLOUDY, LINES, SPREADING, FEVER] },
  photo: { views: ["close"], optional: true },
} as unknown as PlanCheckIn;
const opening = { id: "id", day: 6, mayTakePhotos: true };
const form = () => startPlanned(plan, planned, opening);

test("nothing is chosen to begin with, and both questions are missing", () => {
  expect(form().answers).toEqual({});
  expect(forms.missing(form(), "asked")).toEqual(["pain", "itch"]);
  expect(forms.isEmpty(form())).toBe(true);
});

test("without consent for photos there is no photo page; a report asks the warning signs first", () => {
  expect(form().pages).toEqual(["asked", "signs", "photo", "send"]);
  expect(startPlanned(plan, planned, { ...opening, mayTakePhotos: false }).pages).not.toContain("photo");
  const report = startReport(plan, opening);
  expect(report.pages).toEqual(["signs", "asked", "photo", "send"]);
  expect(report.views).toEqual(["close"]);
  expect(report.occurrence).toBeNull();
});

test("None of these is stored as what was excluded, never as an answer", () => {
  const answered = forms.confirmSigns(forms.setAnswer(forms.setAnswer(form(), "pain", 2), "itch", 0));
  const body = forms.buildBody(answered, plan, AT);
  expect(body.answers).toEqual([
    { question: "pain", value: 2 },
    { question: "itch", value: 0 },
    { question: "fluid", excluded: ["cloudy"] },
    { question: "spread", excluded: ["lines", "spreading"] },
    { question: "unwell", excluded: ["fever"] },
  ]);
  expect(body.partial).toBe(false);
});

test("what is ticked is an answer and nothing else; the rest of the page is excluded", () => {
  const body = forms.buildBody(forms.confirmSigns(forms.toggleTick(form(), LINES)), plan, AT);
  expect(body.answers).toEqual([
    { question: "spread", value: "lines" },
    { question: "fluid", excluded: ["cloudy"] },
    { question: "unwell", excluded: ["fever"] },
  ]);
});

test("leaving early leaves what is unanswered unanswered, and says so", () => {
  const body = forms.buildBody(forms.toggleTick(form(), CLOUDY), plan, AT);
  expect(body.answers).toEqual([{ question: "fluid", value: "cloudy" }]);
  expect(body.partial).toBe(true);
});

test("a tick gives its level at once, and unticking takes it back", () => {
  const ticked = forms.toggleTick(form(), CLOUDY);
  expect(forms.assessForm(ticked, plan).level).toBe("today");
  expect(forms.assessForm(forms.toggleTick(ticked, CLOUDY), plan).level).toBe("on_track");
});

test("two ticks of one question send the graver one, also where only the combination is grave", () => {
  const ticked = [LINES, SPREADING, FEVER].reduce(forms.toggleTick, form());
  expect(forms.answersOf(ticked, plan)).toMatchObject({ spread: "spreading", unwell: "fever" });
  expect(forms.assessForm(ticked, plan).level).toBe("now");
});

test("a change after the page of signs was confirmed asks for it again", () => {
  const confirmed = forms.confirmSigns(form());
  expect(forms.toggleTick(confirmed, CLOUDY).signsConfirmed).toBe(false);
});

test("follow-up questions are asked when they apply, again after each answer, and stay once shown", () => {
  const sore = forms.addFollowUps(forms.setAnswer(form(), "pain", 6), plan);
  expect(sore.more).toEqual(["warmth"]);
  const warm = forms.addFollowUps(forms.setAnswer(sore, "warmth", 2), plan);
  expect(warm.more).toEqual(["warmth", "eyes"]);
  expect(forms.addFollowUps(forms.setAnswer(warm, "pain", 0), plan).more).toEqual(["warmth", "eyes"]);
  expect(forms.buildBody(forms.confirmSigns(warm), plan, AT).partial).toBe(true);
});

test("each view gets one photo; skipping or retaking settles it", () => {
  const twoViews = { ...form(), views: ["front", "close"] };
  const first = forms.addPhoto(twoViews, { id: "a", view: "front" });
  expect(forms.nextView(first)).toBe("close");
  const again = forms.addPhoto(first, { id: "b", view: "front" });
  expect(again.photos).toEqual([{ id: "b", view: "front" }]);
  expect(forms.nextView({ ...again, skippedViews: ["close"] })).toBeNull();
  expect(forms.nextView(forms.dropPhoto(again, "front"))).toBe("front");
});

test("a correction names what it corrects; an empty note is no note", () => {
  const body = forms.buildBody({ ...form(), amends: "before", note: "  " }, plan, AT);
  expect(body.amends).toBe("before");
  expect("note" in body).toBe(false);
});

test("on day 0 the photos are those after the treatment, never the clinic's before it", () => {
  const photo = (key: string) => ({ key, kind: "photo", day: 0 });
  const occurrences = [photo("photo@d0#before"), photo("photo@d0#after")] as CarePlan["occurrences"];
  const form = { day: 0, kind: "planned" } as forms.CheckInForm;
  expect(forms.photoOccurrence(form, { ...plan, occurrences })).toBe("photo@d0#after");
  expect(forms.photoOccurrence(form, { ...plan, occurrences: occurrences.slice(0, 1) })).toBeNull();
  expect(forms.photoOccurrence({ ...form, kind: "report" }, { ...plan, occurrences })).toBeNull();
});
