import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { LANGUAGES, type Language } from "../lib/languages.ts";
import { arCatalogue } from "./ar_catalogue.ts";
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";
import { enCamera } from "./en_camera.ts";
import { enCard } from "./en_card.ts";
import { enCheckIn } from "./en_check_in.ts";
import { enCorrection } from "./en_correction.ts";
import { enData } from "./en_data.ts";
import { enDisplay } from "./en_display.ts";
import { enFewerDays } from "./en_fewer_days.ts";
import { enHealing } from "./en_healing.ts";
import { enMessagePhoto } from "./en_message_photo.ts";
import { enNext } from "./en_next.ts";
import { enStart } from "./en_start.ts";
import { enTimer } from "./en_timer.ts";
import { enWeek } from "./en_week.ts";
import { esCatalogue } from "./es_catalogue.ts";
import { PUSH_KINDS, PUSH_WORDS } from "./push.ts";

const english = {
  main: en,
  camera: enCamera,
  card: enCard,
  checkIn: enCheckIn,
  correction: enCorrection,
  data: enData,
  display: enDisplay,
  fewerDays: enFewerDays,
  healing: enHealing,
  messagePhoto: enMessagePhoto,
  next: enNext,
  start: enStart,
  timer: enTimer,
  week: enWeek,
} as Catalogue;
const SPOKEN: Record<Language, Catalogue> = { en: english, es: esCatalogue, ar: arCatalogue };
const TRANSLATED = LANGUAGES.filter((language) => language !== "en");

/** What a bystander must not read in a title or a push (DESIGN 6), in each language. */
const NEVER: Record<Language, RegExp> = {
  en: /hair|scalp|tattoo|pigment|removal|laser|saline|\bundo\b|scab|regret|skin|mask|burn|scar\b/i,
  es: /pelo|cabell|cuero|tatuaj|pigment|elimina|borrad|l[áa]ser|salin|deshac|\bundo\b|costra|arrepent|piel|mascarill|quem|arde|cicatri/i,
  ar: /(?<!ت)شعر|فروة|وشم|صبغ|صباغ|إزالة|ليزر|ملحي|محلول|تراجع|قشر|قشور|ندم|جلد|بشرة|قناع|حرق|حرقة|ندب/,
};
/** What no text says, for it would be a diagnosis, or not ours to say (PROMISES S5, DESIGN 6). */
const DIAGNOSIS: Record<Language, RegExp> = {
  en: /\bnormal|abnormal|redness|infected|infection|diagnos(ed?\b|es\b)|you have (an?|the)? ?(infection|allergy)|!/i,
  es: /normal|enrojec|rojez|infec|diagnostic|padeces|sufres|tienes un(a)? (infec|alerg)|[¡!]/i,
  ar: /طبيعي|احمرار|مصاب|إصابة|عدوى|التهاب|شُخّص|نشخّص|!/,
};

interface Said {
  place: string;
  text: string;
}
const MARKS = [71, 72, 73, 74, 75, 76];

/** Every text below a value; a sentence with gaps is said with each list of what may stand in them. */
function listTexts(value: unknown, gaps: number[][], place = ""): Said[] {
  if (typeof value === "string") return [{ place, text: value }];
  if (typeof value === "function")
    return gaps.flatMap((given) => listTexts(fill(value, given), [given], place));
  return Object.entries(value as object).flatMap(([key, one]) => listTexts(one, gaps, `${place}.${key}`));
}

/** Marks stand for names and for numbers alike; what wants a list gets one. */
function fill(sentence: Function, given: number[]): unknown {
  try {
    return sentence(...given) as unknown;
  } catch {
    return sentence(given.map(String)) as unknown;
  }
}

const everyNumber = [MARKS, ...[0, 1, 2, 3, 11].map((n) => MARKS.map(() => n))];
const sayAll = (language: Language) => [
  ...listTexts(SPOKEN[language], everyNumber),
  ...listTexts(PUSH_WORDS[language], everyNumber, "push"),
];
const listMarks = (text: string) => (text.match(/7[1-6]/g) ?? []).toSorted();

test.each(TRANSLATED)("%s says all that English says, with the same gaps to fill", (language) => {
  const [ours, theirs] = [language, "en" as const].map((one) => [
    ...listTexts(SPOKEN[one], [MARKS]),
    ...listTexts(PUSH_WORDS[one], [MARKS], "push"),
  ]);
  expect(ours!.map(({ place }) => place).toSorted()).toEqual(theirs!.map(({ place }) => place).toSorted());
  const marks = new Map(theirs!.map(({ place, text }) => [place, [...new Set(listMarks(text))]]));
  for (const { place, text } of ours!)
    expect(`${place}: ${[...new Set(listMarks(text))].join()}`).toBe(`${place}: ${marks.get(place)!.join()}`);
});

test.each(LANGUAGES)("no text in %s is empty, unfinished or a diagnosis", (language) => {
  const all = sayAll(language);
  expect(all.length).toBeGreaterThan(500);
  for (const { place, text } of all) {
    if (!place.startsWith(".start.install.steps")) expect(text.trim(), place).not.toBe("");
    expect(text, place).not.toMatch(/undefined|NaN|\[object|#/);
    expect(text, place).not.toMatch(DIAGNOSIS[language]);
  }
});

test.each(LANGUAGES)("no title and no push in %s says what it is about", (language) => {
  const titles = listTexts(SPOKEN[language], [MARKS]).filter(({ place }) => /\.(page|\w+Page)$/.test(place));
  const { texts, fallback } = PUSH_WORDS[language];
  expect(titles.length).toBeGreaterThan(15);
  for (const { place, text } of titles) expect(text, place).not.toMatch(NEVER[language]);
  for (const kind of PUSH_KINDS) expect(texts[kind]).not.toMatch(NEVER[language]);
  expect(fallback).not.toMatch(NEVER[language]);
});

test("a translation is in its own letters", () => {
  const letters = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;
  const arabic = (text: string) => text.match(/\p{Script=Arabic}/gu)?.length ?? 0;
  const mostly = listTexts(SPOKEN.ar, [MARKS]).filter(({ text }) => arabic(text) < letters(text) / 3);
  expect(mostly.map(({ place }) => place)).toEqual([".main.app", ".main.title", ".start.install.steps.2.1"]);
  const same = listTexts(SPOKEN.es, [MARKS]).filter(
    ({ place, text }) =>
      letters(text) > 3 &&
      listTexts(SPOKEN.en, [MARKS]).some((one) => one.place === place && one.text === text),
  );
  const alike = [
    ".main.app",
    ".main.title",
    ".main.errorTitle",
    ".checkIn.checkIn.error",
    ".start.install.steps.2.1",
  ];
  expect(same.map(({ place }) => place)).toEqual(alike);
});

test("every file of a translation says that it awaits a native reader", () => {
  const folder = fileURLToPath(new URL(".", import.meta.url));
  const files = readdirSync(folder).filter(
    (name) => /^(es|ar)(_\w+)?\.ts$/.test(name) && !name.includes("catalogue"),
  );
  expect(files.length).toBe(38);
  for (const name of files)
    expect(readFileSync(folder + name, "utf8").split("\n")[0]).toMatch(
      /^\/\/ (Spanish|Arabic)\. AWAITS REVIEW BY A NATIVE READER\.$/,
    );
});
