// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWeek } from "./en_week.ts";
import { isolate } from "./isolate.ts";

/** Arabic, part: the days ahead. */
export const arWeek: Translated<typeof enWeek> = {
  title: "الأسبوع القادم",
  about: "ما هو معتاد. وقد يأتي عندك قبل ذلك أو بعده بقليل.",
  same: "كما كان تقريبًا.",
  more: (signs) => `من المعتاد أن يزيد: ${signs}.`,
  less: (signs) => `من المعتاد أن يقل: ${signs}.`,
  begins: (steps) => `يبدأ: ${isolate(steps)}.`,
  perhaps: (steps) => `قد يبدأ: ${isolate(steps)}.`,
  checkIn: "متابعة.",
  checkInPhoto: "متابعة مع صورة.",
  signs: {
    soreness: "الألم",
    itching: "الحكة",
    colour: "اللون",
    swelling: "التورم",
    warmth: "الدفء",
    tightness: "الشد",
  },
};
