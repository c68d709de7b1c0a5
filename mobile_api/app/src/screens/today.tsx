import { sendRefusedAgain } from "../actions/sending.ts";
import { me, online, refused, results, savedPhotos, today } from "../actions/state.ts";
import type { Area } from "../lib/contract.ts";
import { weekday } from "../lib/dates.ts";
import { isRed } from "../lib/rules.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { Hero } from "../ui/hero.tsx";
import { Icon } from "../ui/icons.tsx";
import { Banner, Button, CallButton, Link, Note, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";
import { CareSteps } from "./care_steps.tsx";
import { FlagCard, UnsentFlagCard } from "./flag_card.tsx";
import { CheckInDock } from "./today_dock.tsx";
import { NotYet, WhenNeeded } from "./avoid.tsx";

/** What now, and is it usual. */
export function TodayScreen() {
  const day = today.value;
  const settings = (
    <Link to="/settings" class="icon-btn" label={t.today.settings}>
      <Icon name="settings" />
    </Link>
  );
  return (
    <Phone>
      <Top page={t.today.page} title={day ? weekday(day.date, language) : t.today.page} right={settings} />
      <main class="scroll">
        <Banners />
        {day ? day.areas.map((area) => <AreaToday key={area.care_plan_id} area={area} />) : <Skeleton />}
        {day?.areas.length === 0 && <Empty />}
      </main>
      <div class="stack">
        {day && day.areas.length > 0 && <CheckInDock day={day} />}
        <Tabs current="today" />
      </div>
    </Phone>
  );
}

function Banners() {
  return (
    <>
      {!online.value && (
        <Banner icon="offline">
          <b>{t.today.offline}</b> {t.today.offlineLead}
        </Banner>
      )}
      <ServerBanner />
      <UnsentNotes />
    </>
  );
}

/** What the server says of itself: reminders may be late, or nobody has seen an open flag. */
function ServerBanner() {
  const kind = today.value?.banner?.kind;
  const words = t.today;
  const studio = me.value?.studio;
  return (
    <>
      {kind === "worker" && (
        <Note tone="watch" icon="clock">
          <p>
            <b>{words.worker}</b> {words.workerLead}
          </p>
        </Note>
      )}
      {kind === "nobody_seen" && (
        <section class="verdict urgent" role="alert">
          <h2 class="b">{words.nobodySeen}</h2>
          {studio?.phone && (
            <div class="col g3 calls">
              <CallButton number={studio.phone}>{words.callNow(studio.name)}</CallButton>
            </div>
          )}
        </section>
      )}
    </>
  );
}

function UnsentNotes() {
  const words = t.today;
  return (
    <>
      {savedPhotos.value.length > 0 && online.value && (
        <Note tone="watch" icon="alert">
          <p>
            <b>{words.photoSaved}.</b> {words.sendsBySelf}
          </p>
        </Note>
      )}
      {refused.value.length > 0 && (
        <Note tone="watch" icon="alert">
          <p>
            <b>{words.refused(refused.value.length)}</b> {words.refusedLead}{" "}
          </p>
          <Button class="ghost" onClick={() => void sendRefusedAgain()}>
            {t.tryAgain}
          </Button>
        </Note>
      )}
    </>
  );
}

function AreaToday({ area }: { area: Area }) {
  const unsent = results.value.find(
    (one) => one.care_plan_id === area.care_plan_id && one.sent_at === null && isRed(one.level),
  );
  const who = area.last_word;
  return (
    <>
      {area.flag && isRed(area.flag.level) ? (
        <FlagCard flag={area.flag} />
      ) : unsent ? (
        <UnsentFlagCard result={unsent} />
      ) : area.finished ? (
        <Note tone="ok" icon="check">
          <p>
            <b>{t.today.finished}.</b> {t.today.finishedLead}
          </p>
        </Note>
      ) : (
        <Hero area={area} />
      )}
      <Worried area={area} />
      <CareSteps area={area} />
      <NotYet area={area} />
      <WhenNeeded area={area} />
      {who && (
        <section>
          <h2 class="sec-h">{t.today.fromPerson(who.from)}</h2>
          <div class="card row">
            <span class="avatar" aria-hidden="true">
              {me.value?.practitioner.initials}
            </span>
            <p class="grow b" dir="auto">
              “{who.text}”
            </p>
          </div>
        </section>
      )}
    </>
  );
}

/** One tap to the problem report. */
function Worried({ area }: { area: Area }) {
  return (
    <button type="button" class="btn line h48" onClick={() => navigate(`/report/1/${area.care_plan_id}`)}>
      <Icon name="alert" />
      {t.today.worried}
    </button>
  );
}

function Empty() {
  return (
    <section class="card col g2">
      <h2 class="b">{t.today.none}</h2>
      <p class="muted">{t.today.noneLead}</p>
    </section>
  );
}
