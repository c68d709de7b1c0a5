// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enFewerDays } from "./en_fewer_days.ts";

/** Arabic, part: fewer days between sessions than the plan as written has. */
export const arFewerDays: Translated<typeof enFewerDays> = {
  set: (name, days, shipped) =>
    `الحد الأدنى هنا بالأيام، كما حدده ${name}: ${days}. وفي الخطة كما كُتبت: ${shipped}.`,
  why: (name, reason) => `السبب كما يقول ${name}: «${reason}»`,
  alsoCounts: "موعدك أعلاه يراعي أيضًا نوع بشرتك وقشورك.",
};
