import { me, plan, today } from "../actions/state.ts";
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
          <section class="col g3">
            <h2 class="sec-h">{words.advice}</h2>
            <CallButton class="sec" number={numbers.advice}>
              {`${numbers.advice_name ?? words.adviceLine}: ${t.call(numbers.advice)}`}
            </CallButton>
          </section>
        )}
        {profile?.studio.phone && (
          <section class="col g3">
            <h2 class="sec-h">{words.clinic}</h2>
            <CallButton class="sec" number={profile.studio.phone}>
              {t.callStudio(profile.studio.name)}
            </CallButton>
          </section>
        )}
        {abroad.map((one) => (
          <section class="col g3" key={one.country}>
            <h2 class="sec-h">{words.abroad(one.country)}</h2>
            <CallButton class="sec" number={one.emergency}>
              {t.call(one.emergency)}
            </CallButton>
          </section>
        ))}
        {area && (
          <section class="card">
            <h2 class="b">{words.tell}</h2>
            <p>{words.tellLead(area.method_name, area.day)}</p>
          </section>
        )}
        {area && (
          <Button class="line" onClick={() => navigate(`/report/1/${area.care_plan_id}`)}>
            {words.report}
          </Button>
        )}
        <Note icon="info">
          <p>{words.offline}</p>
        </Note>
      </main>
    </Phone>
  );
}
