import { me, minute, planOf, results, dayZone, type KeptResult } from "../actions/state.ts";
import { isPaused, nameOf, sortByUrgency } from "../lib/areas.ts";
import type { Area, FlagTold } from "../lib/contract.ts";
import { dayOfYear, localDate, weekday } from "../lib/dates.ts";
import { isRed, moreUrgent } from "../lib/rules.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { Hero, ShortHero } from "../ui/hero.tsx";
import { Icon } from "../ui/icons.tsx";
import { Note } from "../ui/page.tsx";
import { FlagCard, HelpedNote, isHelped, UnsentFlagCard } from "./flag_card.tsx";

/** Where each area is; what is urgent first. With several areas one has the large card, the others short ones. */
export function AreaHeads({ areas }: { areas: Area[] }) {
  const several = areas.length > 1;
  const sorted = sortByUrgency(areas, (area) => hasRedFlag(area) || findUnsent(area) !== undefined);
  const large = sorted.find((area) => !hasRedFlag(area) && !findUnsent(area) && !area.finished);
  return (
    <>
      {sorted.map((area) => (
        <AreaHead key={area.care_plan_id} area={area} several={several} large={area === large} />
      ))}
    </>
  );
}

function AreaHead({ area, several, large }: { area: Area; several: boolean; large: boolean }) {
  const unsent = findUnsent(area);
  const name = several ? nameOf(area) : "";
  return (
    <div class="col g3">
      {hasRedFlag(area) || unsent ? (
        <>
          {name && <h2 class="sec-h flat">{name}</h2>}
          {area.flag && hasRedFlag(area) && !isNewer(unsent, area.flag) ? (
            <FlagCard flag={area.flag} carePlan={area.care_plan_id} />
          ) : (
            <UnsentFlagCard result={unsent!} />
          )}
        </>
      ) : area.finished ? (
        <Note tone="ok" icon="check">
          <p>
            <b>{[name, t.today.finished].filter(Boolean).join(": ")}.</b> {t.today.finishedLead}
          </p>
        </Note>
      ) : large ? (
        <Hero area={area} name={name} />
      ) : (
        <ShortHero area={area} name={name} />
      )}
      {area.flag && isRed(area.flag.level) && isHelped(area.flag) && (
        <HelpedNote flag={area.flag} carePlan={area.care_plan_id} />
      )}
      <PausedNote area={area} name={name} />
    </div>
  );
}

/** What is only on this phone comes before what the clinic knows, unless that was graver. */
function isNewer(unsent: KeptResult | undefined, known: FlagTold): boolean {
  return unsent !== undefined && moreUrgent(unsent.level, known.level) === unsent.level;
}

/** A warning that is open and for which nobody has helped yet. */
function hasRedFlag(area: Area): boolean {
  return area.flag !== null && isRed(area.flag.level) && !isHelped(area.flag);
}

function findUnsent(area: Area): KeptResult | undefined {
  return results.value.find(
    (one) => one.care_plan_id === area.care_plan_id && one.sent_at === null && isRed(one.level),
  );
}

/** A pause asks nothing: said calmly, with until when. */
function PausedNote({ area, name }: { area: Area; name: string }) {
  if (!isPaused(area, minute.value)) return null;
  const zone = planOf(area.care_plan_id)?.started.zone ?? dayZone.value;
  const on = area.paused_until && localDate(Date.parse(area.paused_until), zone);
  const words = on
    ? t.today.pausedUntil(name, weekday(on, language), dayOfYear(on, language))
    : t.today.pausedOpen(name, me.value?.practitioner.name ?? "");
  return (
    <Note tone="pri" icon="pause">
      <p>{words}</p>
    </Note>
  );
}

/** One tap to the problem report; with several areas one tap on the area that it is about. */
export function Worried({ areas }: { areas: Area[] }) {
  const report = (area: Area) => navigate(`/report/1/${area.care_plan_id}`);
  const [only, ...more] = areas;
  if (only && more.length === 0) {
    return (
      <button type="button" class="btn line h48" onClick={() => report(only)}>
        <Icon name="alert" />
        {t.today.worried}
      </button>
    );
  }
  return (
    <div class="worried" role="group" aria-label={t.today.worried}>
      <p class="b row">
        <Icon name="alert" />
        {t.today.worried}
      </p>
      {areas.map((area) => (
        <button
          key={area.care_plan_id}
          type="button"
          class="btn line small"
          aria-label={t.today.worriedAbout(nameOf(area))}
          onClick={() => report(area)}
        >
          {nameOf(area)}
        </button>
      ))}
    </div>
  );
}
