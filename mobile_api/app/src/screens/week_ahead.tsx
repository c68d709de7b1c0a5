import { minute, planOf } from "../actions/state.ts";
import { nameOf } from "../lib/areas.ts";
import type { Area } from "../lib/contract.ts";
import { shortDate } from "../lib/dates.ts";
import { listText } from "../lib/lists.ts";
import { listDaysAhead, type DayAhead } from "../lib/week.ts";
import { language, t } from "../strings/index.ts";
import { weekWords as words } from "../strings/week.ts";
import "../ui/week.css";
import { PlanWords } from "../ui/words.tsx";

/** Signs that have a name in a sentence; the others are told by the phase. */
const NAMED: Record<string, keyof typeof words.signs> = {
  pain: "soreness",
  itch: "itching",
  redness_level: "colour",
  swelling: "swelling",
  warmth: "warmth",
  tightness: "tightness",
};

/** One line a day of what to expect, from the plan on this phone; each area has its own days. */
export function WeekAhead({ areas }: { areas: Area[] }) {
  const shown = areas.filter((area) => !area.finished);
  if (shown.length === 0) return null;
  return (
    <section class="week">
      <h2 class="sec-h flat">{words.title}</h2>
      <p class="sm muted">{words.about}</p>
      {shown.map((area) => (
        <AreaWeek key={area.care_plan_id} area={area} name={areas.length > 1 ? nameOf(area) : ""} />
      ))}
    </section>
  );
}

function AreaWeek({ area, name }: { area: Area; name: string }) {
  const plan = planOf(area.care_plan_id);
  if (!plan || plan.care_plan_id !== area.care_plan_id) return null;
  return (
    <>
      {name && <h3 class="b">{name}</h3>}
      <ol class="card flush days">
        {listDaysAhead(plan, minute.value).map((one) => (
          <li key={one.day}>
            <span class="d">
              {shortDate(one.date, language)}
              <span class="own-line">{t.day(one.day)}</span>
            </span>
            <span class="grow">
              {one.usual && <PlanWords>{one.usual}</PlanWords>} {describe(one)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

/** All but what is usual, which is in the plan's own words. */
function describe(one: DayAhead): string {
  const signs = (ids: string[]) => ids.flatMap((id) => (NAMED[id] ? [words.signs[NAMED[id]]] : []));
  const said = (say: (list: string) => string, items: string[]) =>
    items.length > 0 ? [say(listText(items, language))] : [];
  const changes = [
    ...said(words.more, signs(one.more)),
    ...said(words.less, signs(one.less)),
    ...said(words.begins, one.begins),
    ...said(words.perhaps, one.perhaps),
  ];
  const asked = one.photo ? [words.checkInPhoto] : one.checkIn ? [words.checkIn] : [];
  const same = changes.length === 0 && !one.usual ? [words.same] : [];
  return [...same, ...changes, ...asked].join(" ");
}
