import { me, plan, today } from "../actions/state.ts";
import { nameOf } from "../lib/areas.ts";
import type { Area } from "../lib/contract.ts";
import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { EmergencyBox, numbersOf } from "../ui/help.tsx";
import { Button, CallButton, Note, Phone, Top } from "../ui/page.tsx";

/** Whom to call. Everything on it is on the phone. */
export function HelpScreen() {
  const profile = me.value;
  const numbers = numbersOf(profile);
  const [, ...abroad] = profile?.emergency ?? [];
  const areas = today.value?.areas ?? [];
  const signs = plan.value?.plans.flatMap((one) => one.report.signs) ?? [];
  const grave = [...new Set(signs.filter((sign) => sign.level === "now").map((sign) => sign.label))];
  const words = t.help;
  return (
    <Phone>
      <Top page={words.page} title={words.page} back="/" />
      <main class="scroll">
        <EmergencyBox me={profile} signs={grave} />
        <CallButton class="urg" number={numbers.emergency}>
          {t.call(numbers.emergency)}
        </CallButton>
        {numbers.advice && (
          <Contact title={words.advice} number={numbers.advice}>
            {`${numbers.advice_name ?? words.adviceLine}: ${t.call(numbers.advice)}`}
          </Contact>
        )}
        {profile?.studio.phone && (
          <Contact title={words.clinic} number={profile.studio.phone}>
            {t.callStudio(profile.studio.name)}
          </Contact>
        )}
        {abroad.map((one) => (
          <Contact key={one.country} title={words.abroad(one.country)} number={one.emergency}>
            {t.call(one.emergency)}
          </Contact>
        ))}
        {areas.length > 0 && <TellThem areas={areas} />}
        <Note icon="info">
          <p>{words.offline}</p>
        </Note>
      </main>
    </Phone>
  );
}

function Contact({ title, number, children }: { title: string; number: string; children: string }) {
  return (
    <section class="col g3">
      <h2 class="sec-h">{title}</h2>
      <CallButton class="sec" number={number}>
        {children}
      </CallButton>
    </section>
  );
}

function treatmentOf(area: Area, areas: Area[]): string {
  return areas.length > 1 ? `${area.method_name}, ${nameOf(area)}` : area.method_name;
}

function TellThem({ areas }: { areas: Area[] }) {
  return (
    <>
      <section class="card">
        <h2 class="b">{t.help.tell}</h2>
        {areas.map((area) => (
          <p key={area.care_plan_id}>{t.help.tellLead(treatmentOf(area, areas), area.day)}</p>
        ))}
      </section>
      {areas.map((area) => (
        <Button
          key={`card ${area.care_plan_id}`}
          class="sec"
          icon="info"
          onClick={() => navigate(`/card/${area.care_plan_id}`)}
        >
          <span>
            {t.states.showCard}
            {areas.length > 1 && <small>: {nameOf(area)}</small>}
          </span>
        </Button>
      ))}
      {areas.map((area) => (
        <Button
          key={area.care_plan_id}
          class="line"
          onClick={() => navigate(`/report/1/${area.care_plan_id}`)}
        >
          <span>
            {t.help.report}
            {areas.length > 1 && <small>: {nameOf(area)}</small>}
          </span>
        </Button>
      ))}
    </>
  );
}
