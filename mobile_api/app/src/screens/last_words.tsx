import { me, minute, phoneZone } from "../actions/state.ts";
import type { Area } from "../lib/contract.ts";
import { clockTime } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";
import { Link } from "../ui/page.tsx";
import { dayName } from "./day_name.ts";

/** The newest words of the practitioner; a tap opens the thread they stand in. */
export function LastWords({ areas }: { areas: Area[] }) {
  const words = new Map(areas.flatMap(({ last_word: one }) => (one ? [[`${one.at} ${one.text}`, one]] : [])));
  return (
    <>
      {[...words].map(([key, who]) => (
        <section key={key}>
          <h2 class="sec-h">{t.today.fromPerson(who.from)}</h2>
          <Link to="/messages" class="card row plain">
            <span class="avatar" aria-hidden="true">
              {me.value?.practitioner.initials}
            </span>
            <span class="grow">
              <span class="b own-line brief" dir="auto">
                “{who.text}”
              </span>
              <span class="sm muted">
                {t.messages.dayTime(dayName(who.at, minute.value, phoneZone()), clockTime(who.at, language))}
              </span>
            </span>
            <Icon name="forward" flip small />
          </Link>
        </section>
      ))}
    </>
  );
}
