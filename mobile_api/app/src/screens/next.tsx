import { useEffect } from "preact/hooks";
import { loadReadiness } from "../actions/loading.ts";
import { dayZone, me, minute, online, plan, readiness, today } from "../actions/state.ts";
import { nameOf } from "../lib/areas.ts";
import type { CarePlan, LoweredMinimum, ReadinessArea } from "../lib/contract.ts";
import { dayOf } from "../lib/day.ts";
import { daysBetween, longDate, whenText } from "../lib/dates.ts";
import { isGroupMet } from "../lib/readiness.ts";
import { fewerDaysWords } from "../strings/fewer_days.ts";
import { language, t } from "../strings/index.ts";
import { nextWords } from "../strings/next.ts";
import { Icon } from "../ui/icons.tsx";
import { Banner, CallButton, Link, Note, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";

/** When the next treatment may be, and what it depends on. */
export function NextScreen() {
  useEffect(() => void loadReadiness(), []);
  const known = readiness.value;
  return (
    <Phone>
      <Top page={nextWords.page} title={nextWords.page} />
      <main class="scroll">
        {!online.value && <Banner icon="offline">{nextWords.stale}</Banner>}
        {!known && <Skeleton />}
        {!known &&
          plan.value?.plans.map((one) => <FewerDays key={one.care_plan_id} lowered={one.lowered_minimum} />)}
        {known?.areas.map((area) => (
          <AreaReadiness key={area.care_plan_id} area={area} several={known.areas.length > 1} />
        ))}
        {known?.areas.length === 0 && (
          <section class="card col g2">
            <h2 class="b">{nextWords.none}</h2>
            <p class="muted">{nextWords.noneLead}</p>
          </section>
        )}
      </main>
      <Tabs current="next" />
    </Phone>
  );
}

function AreaReadiness({ area, several }: { area: ReadinessArea; several: boolean }) {
  const carePlan = plan.value?.plans.find((one) => one.care_plan_id === area.care_plan_id);
  const met = area.groups.filter(isGroupMet).length;
  const studio = me.value?.studio;
  const signed = area.status === "signed_off";
  // A copy that an earlier version of the app kept says nothing; the plan does.
  const known = area.lowered_minimum === undefined ? carePlan?.lowered_minimum : area.lowered_minimum;
  const place = several && today.value?.areas.find((one) => one.care_plan_id === area.care_plan_id);
  return (
    <>
      {place && <h2 class="sec-h flat">{nameOf(place)}</h2>}
      <Hero area={area} carePlan={carePlan} />
      {signed && studio?.phone && (
        <CallButton number={studio.phone}>{nextWords.book(studio.name)}</CallButton>
      )}
      <FewerDays lowered={known} dated />
      {area.moved && (
        <Note icon="info">
          <p>{nextWords.moved(date(area.moved.from), date(area.moved.to), area.moved.why)}</p>
        </Note>
      )}
      <section>
        <h2 class="sec-h">
          {signed ? nextWords.basedOn : nextWords.depends}{" "}
          <span class="xs muted">{nextWords.doneOf(met, area.groups.length)}</span>
        </h2>
        <ul class="card flush crit">
          {area.groups.map((group) => (
            <Group key={group.group} group={group} />
          ))}
        </ul>
      </section>
      <p class="sm muted">{area.why_wait ?? nextWords.safe}</p>
      {!signed && (
        <Link to="/messages" class="btn sec">
          {nextWords.ask(me.value?.practitioner.name ?? "")}
        </Link>
      )}
    </>
  );
}

/** Fewer days than the plan as written: who decided it and why, in the clinic's own words. */
function FewerDays({ lowered, dated }: { lowered: LoweredMinimum | null | undefined; dated?: boolean }) {
  if (!lowered) return null;
  const { by, days, shipped_days, reason } = lowered;
  return (
    <Note icon="info">
      <p>{fewerDaysWords.set(by, days, shipped_days)}</p>
      {reason && <p dir="auto">{fewerDaysWords.why(by, reason)}</p>}
      {dated && <p class="sm muted">{fewerDaysWords.alsoCounts}</p>}
    </Note>
  );
}

const date = (on: string) => longDate(on, language);

function Hero({ area, carePlan }: { area: ReadinessArea; carePlan: CarePlan | undefined }) {
  const titles = {
    not_yet: nextWords.earliest,
    ready_to_ask: nextWords.asking,
    signed_off: nextWords.ready,
    on_hold: nextWords.onHold,
  };
  const of = carePlan ? Math.max(1, daysBetween(carePlan.day0, area.earliest_on)) : 0;
  const day = carePlan ? Math.min(of, dayOf(carePlan, minute.value)) : 0;
  return (
    <section class="hero" aria-label={titles[area.status]}>
      <p class="k">{titles[area.status]}</p>
      <p class="day date">{date(area.earliest_on)}</p>
      <p class="say long">{say(area)}</p>
      {carePlan && (
        <>
          <progress class="bar" max={of} value={day} aria-label={nextWords.progress(day, of)} />
          <div class="fade-l" aria-hidden="true">
            <span>{t.day(day)}</span>
            <span>{t.day(of)}</span>
          </div>
        </>
      )}
    </section>
  );
}

function say(area: ReadinessArea): string {
  const name = area.signed?.by ?? me.value?.practitioner.name ?? "";
  if (area.status === "on_hold") return area.hold_reason ?? nextWords.holdLead(name);
  if (area.status === "ready_to_ask") return nextWords.askLead(name);
  if (area.signed)
    return nextWords.signed(name, whenText(area.signed.at, minute.value, dayZone.value, language, t.when));
  return area.suggested_on ? nextWords.suggested(date(area.suggested_on)) : nextWords.safe;
}

function Group({ group }: { group: ReadinessArea["groups"][number] }) {
  const met = isGroupMet(group);
  const open = group.items.filter((item) => !item.met);
  // Several conditions may lack the same: said once.
  const lines = [...new Set((met ? group.items : open).map(describe))];
  return (
    <li class={met ? "met" : "wait"}>
      <span class="st">
        <Icon name={met ? "check" : "clock"} small />
      </span>
      <div class="grow">
        <div class="b">
          {group.title}
          <span class="vh">: {met ? nextWords.met : nextWords.notMet}</span>
        </div>
        {lines.map((line) => (
          <div class="sm muted" key={line}>
            {line}
          </div>
        ))}
        {!met && group.of > 1 && (
          <progress
            class="bar"
            max={group.of}
            value={group.met}
            aria-label={nextWords.doneOf(group.met, group.of)}
          />
        )}
      </div>
    </li>
  );
}

function describe(item: ReadinessArea["groups"][number]["items"][number]): string {
  const from = !item.met && item.earliest_on ? ` ${nextWords.from(date(item.earliest_on))}.` : "";
  return (item.evidence_text ?? item.text) + from;
}
