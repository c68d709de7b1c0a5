/** A sign's curve as numbers: the usual range as steps by day, the answers, and what is joined by a dotted line. */

import type { HealingArea, HealingSign, UsualRow } from "./contract.ts";

export interface Band {
  from: number;
  to: number;
  low: number;
  high: number;
}
export interface PlotTick {
  at: number;
  label: string;
}
export interface Plot {
  low: number;
  high: number;
  lastDay: number;
  today: number;
  bands: Band[];
  points: { x: number; y: number; isNewest: boolean }[];
  lines: { from: number; to: number; dotted: boolean }[];
  ticks: PlotTick[];
}

const FIRST_DAYS = 14;
const WEEK = 7;
/** So much of a step of the scale lies round a value: a value at the edge of the range is seen to lie inside it. */
const ROOM = 0.3;
const LONGEST_LABEL = 12;
/** Where the words stand on a scale of 0 to 10: in the middle of none, 1 to 3, 4 to 6, 7 to 10. */
const WORDS_AT = [0, 2, 5, 8.5];

/** `words`: none, a little, some, a lot; for signs that are numbers. */
export function buildPlot(
  sign: HealingSign,
  area: Pick<HealingArea, "day" | "unanswered">,
  words: readonly string[],
): Plot {
  const [low, high] = limitsOf(sign);
  const newest = sign.points.at(-1)?.day ?? 0;
  const lastDay = lastDayOf(Math.max(area.day, newest));
  const points = sign.points.map((point) => ({
    x: point.day,
    y: Number(point.value),
    isNewest: point.day === newest,
  }));
  return {
    low: low - ROOM,
    high: high + ROOM,
    lastDay,
    today: area.day,
    bands: sign.usual.filter((row) => row.from_day <= lastDay).flatMap((row) => listBands(row, lastDay)),
    points,
    lines: points.slice(1).map((point, i) => ({
      from: i,
      to: i + 1,
      dotted: area.unanswered.some((day) => points[i]!.x < day && day < point.x),
    })),
    ticks: listTicks(sign, words),
  };
}

function limitsOf(sign: HealingSign): [number, number] {
  if (sign.type === "number") return [sign.min ?? 0, sign.max ?? 10];
  const values = sign.options.map((option) => Number(option.value));
  return [Math.min(...values), Math.max(...values)];
}

/** Two weeks, then whole weeks up to the newest day. */
export function lastDayOf(day: number): number {
  return day <= FIRST_DAYS ? FIRST_DAYS : Math.ceil(day / WEEK) * WEEK;
}

/** One range, or one for each run of neighbouring values: "none, or all off" is two. */
function listBands(row: UsualRow, lastDay: number): Band[] {
  const from = Math.max(row.from_day - 0.5, 0);
  const to = Math.min(row.to_day + 0.5, lastDay);
  const runs = row.allowed ? listRuns(row.allowed.map(Number)) : [[row.low ?? 0, row.high ?? 0] as const];
  return runs.map(([low, high]) => ({ from, to, low: low - ROOM, high: high + ROOM }));
}

function listRuns(values: number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const value of values.toSorted((one, other) => one - other)) {
    const last = runs.at(-1);
    if (last && value === last[1] + 1) last[1] = value;
    else runs.push([value, value]);
  }
  return runs;
}

function listTicks(sign: HealingSign, words: readonly string[]): PlotTick[] {
  if (sign.type === "number")
    return WORDS_AT.map((share, i) => ({ at: (share * (sign.max ?? 10)) / 10, label: words[i] ?? "" }));
  return sign.options.map((option) => ({ at: Number(option.value), label: wrap(option.label) }));
}

/** The days named below the curve: today, and others that leave room for it. */
export function listDays(plot: Pick<Plot, "lastDay" | "today">): number[] {
  const days = plot.lastDay <= FIRST_DAYS ? [0, 3, 7, 10, 14] : quarters(plot.lastDay);
  const room = plot.lastDay / 6;
  const others = days.filter((day) => Math.abs(day - plot.today) >= room);
  return [...others, plot.today].sort((one, other) => one - other);
}

function quarters(last: number): number[] {
  return [0, 1, 2, 3, 4].map((part) => Math.round((last * part) / 4));
}

/** Long words of an answer: up to their comma, in two lines or more beside the curve. The list has them whole. */
function wrap(label: string): string {
  const words = label.length > LONGEST_LABEL ? label.split(",")[0]! : label;
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= LONGEST_LABEL)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
