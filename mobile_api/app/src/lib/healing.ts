/** What the screen of healing shows, from what the server said of it: days in a table, photos by day, dates by question. */

import type {
  AllowedAgain,
  AnswerValue,
  HealingArea,
  HealingPhoto,
  HealingSign,
  UsualRow,
} from "./contract.ts";

/** Whether its answers have an order, so that a line may join them. Others are shown as a list. */
export function isCurve(sign: HealingSign): boolean {
  return sign.type !== "choice";
}

export function usualOn(sign: HealingSign, day: number): UsualRow | null {
  return sign.usual.find((row) => row.from_day <= day && day <= row.to_day) ?? null;
}

export interface DayRow {
  day: number;
  /** Null: no check-in that day. */
  value: AnswerValue | null;
  usual: UsualRow | null;
  isMore: boolean;
}

/** The same as the curve, as rows: each day with an answer, and each day without its check-in. */
export function listRows(sign: HealingSign, missed: number[]): DayRow[] {
  const answered = sign.points.map((point): DayRow => ({
    day: point.day,
    value: point.value,
    usual: usualOn(sign, point.day),
    isMore: point.place === "more",
  }));
  const known = new Set(answered.map((row) => row.day));
  const empty = missed
    .filter((day) => !known.has(day))
    .map((day): DayRow => ({ day, value: null, usual: usualOn(sign, day), isMore: false }));
  return [...answered, ...empty].sort((one, other) => one.day - other.day);
}

/** A day in the row of photos; without a photo, a day without its check-in. */
export interface Tile {
  day: number;
  photo: HealingPhoto | null;
}

/** One view's photos, newest first, with the missed days between the first and today. Of a day the last one. */
export function listTiles(area: HealingArea, view: string): Tile[] {
  const photos = area.photos.filter((photo) => photo.view === view);
  const first = photos[0]?.day;
  if (first === undefined) return [];
  const byDay = new Map(photos.map((photo) => [photo.before ? -1 : photo.day, photo]));
  const empty = area.missed.filter((day) => day > first && !byDay.has(day));
  const tiles = [
    ...[...byDay.values()].map((photo): Tile => ({ day: photo.day, photo })),
    ...empty.map((day): Tile => ({ day, photo: null })),
  ];
  return tiles.sort((one, other) => place(other) - place(one));
}

/** A photo before the treatment stands before those of its day. */
const place = (tile: Tile) => tile.day - (tile.photo?.before ? 0.5 : 0);

/** The views that have photos, the one with most of them first. */
export function listViews(area: HealingArea): HealingArea["views"] {
  const count = (id: string) => area.photos.filter((photo) => photo.view === id).length;
  return area.views
    .filter((view) => count(view.id) > 0)
    .toSorted((one, other) => count(other.id) - count(one.id));
}

export interface TopicAnswer {
  topic: AllowedAgain["topic"];
  /** Each answer with the names of the areas that it is for; empty where it is for all. */
  answers: { areas: string[]; answer: AllowedAgain }[];
}

/** The questions of all areas together: where two say the same it stands there once. */
export function mergeAllowed(areas: HealingArea[]): TopicAnswer[] {
  const topics = new Map<AllowedAgain["topic"], { area: string; answer: AllowedAgain }[]>();
  for (const area of areas) {
    for (const answer of area.allowed_again) {
      const said = topics.get(answer.topic) ?? [];
      topics.set(answer.topic, [...said, { area: area.area_name, answer }]);
    }
  }
  return [...topics].map(([topic, said]) => ({ topic, answers: joinAnswers(said, areas.length) }));
}

function joinAnswers(said: { area: string; answer: AllowedAgain }[], areas: number): TopicAnswer["answers"] {
  const found = new Map<string, { areas: string[]; answer: AllowedAgain }>();
  for (const { area, answer } of said) {
    const key = JSON.stringify(answer);
    const same = found.get(key) ?? { areas: [], answer };
    same.areas.push(area);
    found.set(key, same);
  }
  const answers = [...found.values()];
  const forAll = answers.length === 1 && answers[0]!.areas.length === areas;
  return forAll ? [{ areas: [], answer: answers[0]!.answer }] : answers;
}
