import { me, plan, today } from "../actions/state.ts";
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
  const area = today.value?.areas[0];
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
        {area && <TellThem area={area} />}
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

function TellThem({ area }: { area: Area }) {
  return (
    <>
      <section class="card">
        <h2 class="b">{t.help.tell}</h2>
        <p>{t.help.tellLead(area.method_name, area.day)}</p>
      </section>
      <Button class="line" onClick={() => navigate(`/report/1/${area.care_plan_id}`)}>
        {t.help.report}
      </Button>
    </>
  );
}
