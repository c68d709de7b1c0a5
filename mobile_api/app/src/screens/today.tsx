import { sendRefusedAgain } from "../actions/sending.ts";
import { corrections, me, minute, online, refused, savedPhotos, today } from "../actions/state.ts";
import { isPaused } from "../lib/areas.ts";
import type { Today } from "../lib/contract.ts";
import { capital, weekday } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";
import { numbersOf } from "../ui/help.tsx";
import { Icon } from "../ui/icons.tsx";
import { Banner, Button, CallButton, Link, Note, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";
import { AreaHeads, Worried } from "./area_heads.tsx";
import { NotYet, WhenNeeded } from "./avoid.tsx";
import { CareSteps } from "./care_steps.tsx";
import { LastWords } from "./last_words.tsx";
import { CheckInDock } from "./today_dock.tsx";
import { FullNote } from "./full_note.tsx";
import { offersOneTap, SilenceNotes, ZoneNote } from "./today_notes.tsx";
import { CorrectionCards, FaultBanner, InstallCard, PlanChangedNote, WeekAhead } from "./today_states.tsx";

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
      <Top
        page={t.today.page}
        title={day ? capital(weekday(day.date, language), language) : t.today.page}
        right={settings}
      />
      <main class="scroll">
        <Banners />
        {corrections.value?.some((one) => !one.read_at) && <CorrectionCards />}
        {day ? <Areas day={day} /> : <Skeleton />}
      </main>
      <div class="stack">
        {day && day.areas.length > 0 && <CheckInDock day={day} />}
        <Tabs current="today" />
      </div>
    </Phone>
  );
}

function Areas({ day }: { day: Today }) {
  const { areas } = day;
  if (areas.length === 0) return <Empty />;
  const resting = areas.every((area) => isPaused(area, minute.value) && area.steps.length === 0);
  return (
    <>
      <ZoneNote />
      <PlanChangedNote />
      <SilenceNotes day={day} />
      <AreaHeads areas={areas} />
      {!offersOneTap(day) && <Worried areas={areas} />}
      {!resting && <CareSteps areas={areas} />}
      <NotYet areas={areas} />
      <WhenNeeded areas={areas} />
      <LastWords areas={areas} />
      <InstallCard />
      <WeekAhead areas={areas} />
    </>
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
      {online.value && <FaultBanner />}
      <FullNote />
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
  const numbers = numbersOf(me.value);
  const number = studio?.phone ?? numbers.advice ?? numbers.emergency;
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
          <div class="col g3 calls">
            <CallButton number={number}>{words.callNow(studio?.phone ? studio.name : number)}</CallButton>
          </div>
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

function Empty() {
  return (
    <section class="card col g2">
      <h2 class="b">{t.today.none}</h2>
      <p class="muted">{t.today.noneLead}</p>
    </section>
  );
}
