import {
  asides,
  dayZone,
  draft,
  isAnswered,
  me,
  minute,
  noRoom,
  results,
  savedCheckIns,
} from "../actions/state.ts";
import type { KeptResult } from "../actions/state.ts";
import { nameOf } from "../lib/areas.ts";
import type { CheckInDue, Today } from "../lib/contract.ts";
import { appDate, clockTime, whenText } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";
import { Link } from "../ui/page.tsx";
import { LevelPill } from "../ui/level.tsx";

/** The one main button: start the check-in, or what became of it. */
export function CheckInDock({ day }: { day: Today }) {
  const due = day.next_check_in;
  const open = due?.state === "open" && !isAnswered(due);
  return (
    <section class="dock" aria-label={t.today.checkInLabel}>
      {open ? <StartButton day={day} due={due} /> : <LastCheckIn due={due} />}
    </section>
  );
}

function StartButton({ day, due }: { day: Today; due: CheckInDue }) {
  const area = day.areas.length > 1 && day.areas.find((one) => one.care_plan_id === due.care_plan_id);
  const begun = [draft.value, ...asides.value].some(
    (form) => form?.occurrence === due.key && form.care_plan_id === due.care_plan_id,
  );
  return (
    <button type="button" class="btn" onClick={() => navigate("/check-in/1")}>
      <span>
        {begun ? t.today.goOn : t.today.checkIn} <small>{area ? nameOf(area) : t.today.underAMinute}</small>
      </span>
    </button>
  );
}

function LastCheckIn({ due }: { due: CheckInDue | null }) {
  if (savedCheckIns.value.length > 0) {
    return (
      <div class="card row tight" role="status">
        <Icon name="check" />
        <span class="grow">
          <b class="own-line">{noRoom.value ? t.states.held : t.today.checkInSaved}</b>
          <span class="sm muted">{t.today.sendsBySelf}</span>
        </span>
      </div>
    );
  }
  const last = lastToday(results.value);
  if (last) {
    return (
      <Link to={`/check-in/${last.id}`} class="card row tight plain">
        <LevelPill level={last.server?.level ?? last.level} />
        <span class="grow sm">{t.today.checkedIn(clockTime(last.made_at, language))}</span>
        <Icon name="forward" flip small />
      </Link>
    );
  }
  if (!due || due.state !== "upcoming") return null;
  const when = whenText(due.opens_at, minute.value, me.value?.zone ?? dayZone.value, language, t.when);
  return <p class="center sm muted">{t.today.opensAt(when)}</p>;
}

function lastToday(all: KeptResult[]): KeptResult | undefined {
  const date = appDate(minute.value, dayZone.value);
  return all
    .filter((one) => one.sent_at !== null && appDate(one.made_at, dayZone.value) === date)
    .sort((one, other) => other.made_at - one.made_at)[0];
}
