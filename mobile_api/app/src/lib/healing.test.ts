import { expect, test } from "vitest";
import type { AllowedAgain, HealingArea, HealingPhoto, HealingSign } from "./contract.ts";
import { listRows, listTiles, listViews, mergeAllowed } from "./healing.ts";

const pain: HealingSign = {
  question: "pain",
  name: "Soreness",
  type: "number",
  min: 0,
  max: 10,
  options: [],
  usual: [
    { from_day: 0, to_day: 3, low: 0, high: 4 },
    { from_day: 4, to_day: 90, low: 0, high: 3 },
  ],
  points: [
    { day: 2, value: 3, place: "usual" },
    { day: 5, value: 4, place: "more" },
  ],
};
const area: HealingArea = {
  care_plan_id: "p",
  method_name: "Saline removal",
  area_name: "Scalp",
  day: 6,
  sentence: "",
  signs: [pain],
  missed: [0, 4],
  unanswered: [0, 4],
  views: [
    { id: "top", label: "Top" },
    { id: "front", label: "Front" },
    { id: "back", label: "Back" },
  ],
  photos: [],
  coming: null,
  held: false,
  allowed_again: [],
};
const photo = (id: string, day: number, view = "front", before = false): HealingPhoto => ({
  id,
  day,
  view,
  before,
  taken_at: "2026-11-22T08:00:00Z",
});

test("the list has the same days as the curve, and the days without a check-in", () => {
  expect(listRows(pain, [0, 4, 5]).map((row) => [row.day, row.value, row.usual?.high, row.isMore])).toEqual([
    [0, null, 4, false],
    [2, 3, 4, false],
    [4, null, 3, false],
    [5, 4, 3, true],
  ]);
});

test("photos stand by day, newest first, with the missed days between them", () => {
  const photos = [
    photo("b", 0, "front", true),
    photo("0", 0),
    photo("2", 2),
    photo("2 later", 2),
    photo("x", 3, "top"),
    photo("5", 5),
  ];
  const tiles = listTiles({ ...area, photos }, "front");
  expect(tiles.map((tile) => tile.photo?.id ?? tile.day)).toEqual(["5", 4, "2 later", "0", "b"]);
  expect(listTiles(area, "front")).toEqual([]);
});

test("views without a photo are left out, the one with most photos comes first", () => {
  const photos = [photo("1", 1, "top"), photo("2", 1), photo("3", 2)];
  expect(listViews({ ...area, photos }).map((view) => view.id)).toEqual(["front", "top"]);
});

test("areas that say the same are told once, others by name", () => {
  const swim: AllowedAgain = {
    topic: "swim",
    is_now: false,
    on: "2026-12-01",
    after: null,
    after_days: 0,
    about_on: null,
    meanwhile: [],
    then: [],
  };
  const scalp = { ...area, allowed_again: [swim, { ...swim, topic: "hat" as const }] };
  const brows = { ...area, area_name: "Brows", allowed_again: [swim] };
  const found = mergeAllowed([scalp, brows]);
  expect(found.map(({ topic, answers }) => [topic, answers.map((one) => one.areas)])).toEqual([
    ["swim", [[]]],
    ["hat", [["Scalp"]]],
  ]);
  const later = { ...brows, allowed_again: [{ ...swim, on: "2026-12-09" }] };
  expect(mergeAllowed([scalp, later])[0]!.answers.map((one) => one.areas)).toEqual([["Scalp"], ["Brows"]]);
});
