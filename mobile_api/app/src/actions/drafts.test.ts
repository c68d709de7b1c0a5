import "fake-indexeddb/auto";
import { beforeEach, expect, test, vi } from "vitest";
import { wipe } from "../db/database.ts";
import { getKept } from "../db/kept.ts";
import type { CheckInForm } from "../lib/check_in_form.ts";
import { setServerNow } from "../lib/clock.ts";
import type { Plan } from "../lib/contract.ts";

vi.stubGlobal("location", { pathname: "/" });
vi.stubGlobal("window", globalThis);

const { clearDrafts, keepDraft, restoreDrafts, setAside, takeBack } = await import("./drafts.ts");
const { asides, draft, plan } = await import("./state.ts");

const TODAY = 6;
function form(id: string, more: Partial<CheckInForm> = {}): CheckInForm {
  const about = {
    id,
    care_plan_id: "p",
    occurrence: null,
    kind: "report",
    day: TODAY,
    ticks: [],
    photos: [],
  };
  return { ...about, answers: { pain: 2 }, amends: null, ...more } as unknown as CheckInForm;
}
const daily = form("daily", { kind: "planned", occurrence: "check_in@d6" });
const isDaily = (one: CheckInForm) => one.occurrence === "check_in@d6";

beforeEach(async () => {
  await wipe();
  [draft.value, asides.value] = [null, []];
  setServerNow("2026-03-11T09:00:00Z");
  const one = { care_plan_id: "p", day0: "2026-03-05", started: { zone: "UTC" } };
  plan.value = { plans: [one] } as unknown as Plan;
});

test("what was begun is laid aside for a worry and taken up again, with the worry laid aside in turn", async () => {
  await keepDraft(daily);
  await setAside();
  await keepDraft(form("worry"));
  expect(await takeBack(isDaily)).toBe(true);
  expect(draft.value?.id).toBe("daily");
  expect(asides.value.map((one) => one.id)).toEqual(["worry"]);
  expect(await takeBack(isDaily)).toBe(false);
});

test("a form that nothing was put into is not kept", async () => {
  await keepDraft(form("empty", { answers: {} }));
  await setAside();
  expect(asides.value).toEqual([]);
});

test("all of it outlives a killed app", async () => {
  await keepDraft(daily);
  await setAside();
  await keepDraft(form("worry"));
  [draft.value, asides.value] = [null, []];
  await restoreDrafts(async () => undefined);
  expect([draft.value, asides.value].flat().map((one) => (one as CheckInForm | null)?.id)).toEqual([
    "worry",
    "daily",
  ]);
});

test("a phone whose clock was a day ahead loses nothing: days end when the server says so", async () => {
  await keepDraft(daily);
  setServerNow("2026-03-12T09:00:00Z"); // as a phone without a connection takes it
  await restoreDrafts(async () => undefined);
  expect(draft.value?.id).toBe("daily");
  setServerNow("2026-03-11T09:05:00Z");
  await clearDrafts();
  expect(draft.value?.id).toBe("daily");
  setServerNow("2026-03-12T09:00:00Z");
  await clearDrafts();
  expect([draft.value, await getKept("draft")]).toEqual([null, null]);
});
