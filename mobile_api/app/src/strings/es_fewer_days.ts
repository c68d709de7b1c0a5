// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enFewerDays } from "./en_fewer_days.ts";

/** Spanish, part: fewer days between sessions than the plan as written has. */
export const esFewerDays: Translated<typeof enFewerDays> = {
  set: (name, days, shipped) =>
    `${name} ha fijado aquí un mínimo de ${days} días. El plan tal como está escrito dice ${shipped}.`,
  why: (name, reason) => `Por qué, según ${name}: «${reason}»`,
  alsoCounts: "Tu fecha de arriba también tiene en cuenta tu tipo de piel y tus costras.",
};
