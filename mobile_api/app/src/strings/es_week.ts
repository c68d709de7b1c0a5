// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWeek } from "./en_week.ts";

/** Spanish, part: the days ahead. */
export const esWeek: Translated<typeof enWeek> = {
  title: "La semana que viene",
  about: "Lo habitual. En tu caso puede ser un poco antes o después.",
  same: "Más o menos igual.",
  more: (signs) => `Es habitual algo más de: ${signs}.`,
  less: (signs) => `Es habitual algo menos de: ${signs}.`,
  begins: (steps) => `Empieza: ${steps}.`,
  perhaps: (steps) => `Puede empezar: ${steps}.`,
  checkIn: "Control.",
  checkInPhoto: "Control con foto.",
  signs: {
    soreness: "molestia",
    itching: "picor",
    colour: "color",
    swelling: "hinchazón",
    warmth: "calor",
    tightness: "tirantez",
  },
};
