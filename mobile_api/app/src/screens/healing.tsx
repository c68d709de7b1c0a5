import { useEffect, useState } from "preact/hooks";
import { healingIsNew, loadHealing } from "../actions/healing.ts";
import { sendSaved } from "../actions/sending.ts";
import {
  dayZone,
  healing,
  isAnswered,
  keptToday,
  minute,
  online,
  savedCheckIns,
  savedPhotos,
  today,
} from "../actions/state.ts";
import type { Healing, HealingArea } from "../lib/contract.ts";
import { whenText } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { th } from "../strings/healing.ts";
import { language, t } from "../strings/index.ts";
import { Choices } from "../ui/choices.tsx";
import { Icon } from "../ui/icons.tsx";
import { Banner, Button, Link, Note, Phone, Skeleton, Tabs, Top } from "../ui/page.tsx";
import { Photos } from "./healing_photos.tsx";
import { Signs } from "./healing_signs.tsx";
import { WhenCanI } from "./when_can_i.tsx";

/** How answers run beside what is usual, the photos, and when what is not yet allowed is. */
export function HealingScreen() {
  const [asList, setAsList] = useState(false);
  useEffect(() => void loadHealing(), [keptToday.value?.now]);
  const known = healing.value;
  const hasCurve = known?.areas.some((area) => area.signs.length > 0) ?? false;
  const list = (
    <button
      type="button"
      class="icon-btn"
      aria-label={th.asList}
      aria-pressed={asList}
      onClick={() => setAsList(!asList)}
    >
      <Icon name={asList ? "more" : "list"} />
    </button>
  );
  return (
    <Phone>
      <Top page={th.page} title={th.heading} right={hasCurve && list} />
      <main class="scroll">
        <Unsent />
        {known ? (
          <Known known={known} asList={asList} onFail={() => setAsList(true)} />
        ) : (
          <Skeleton label={th.loading} />
        )}
        {known && !healingIsNew.value && <Stale at={known.now} />}
      </main>
      <Tabs current="healing" />
    </Phone>
  );
}

interface KnownProps {
  known: Healing;
  asList: boolean;
  onFail: () => void;
}

function Known({ known, asList, onFail }: KnownProps) {
  const [chosen, choose] = useState<string | null>(null);
  const { areas } = known;
  const area = areas.find((one) => one.care_plan_id === chosen) ?? areas[0];
  if (!area) {
    return (
      <section class="card col g2">
        <h2 class="b">{th.none}</h2>
        <p class="muted">{th.noneLead}</p>
      </section>
    );
  }
  return (
    <>
      {areas.length > 1 && (
        <Choices
          label={th.areas}
          options={areas.map((one) => ({ value: one.care_plan_id, label: one.area_name }))}
          chosen={area.care_plan_id}
          onChoose={choose}
        />
      )}
      {area.sentence && (
        <p class="sentence" role="status">
          {area.sentence}
        </p>
      )}
      {areas.some((one) => one.held) && <Held />}
      {area.signs.length > 0 ? (
        <Signs key={area.care_plan_id} area={area} asList={asList} onFail={onFail} />
      ) : (
        <Empty />
      )}
      <Photos key={`photos ${area.care_plan_id}`} area={area} />
      <Coming area={area} />
      <WhenCanI areas={areas} />
    </>
  );
}

/** A red warning is open: what to do first stands before all else, and nothing is said of what is allowed. */
function Held() {
  return (
    <Note tone="watch" icon="alert">
      <p>
        <b>{th.held}</b> {th.heldLead} <Link to="/help">{th.help}</Link>
      </p>
    </Note>
  );
}

function Empty() {
  const due = today.value?.next_check_in;
  const open = due?.state === "open" && !isAnswered(due);
  const when = due && whenText(due.opens_at, minute.value, dayZone.value, language, t.when);
  return (
    <section class="card col g2">
      <h2 class="lead">{th.empty}</h2>
      <p class="muted">{th.emptyLead}</p>
      {open && (
        <Button class="below" onClick={() => navigate("/check-in/1")}>
          {th.startCheckIn}
        </Button>
      )}
      {!open && due?.state === "upcoming" && when && <p class="sm muted">{t.today.opensAt(when)}</p>}
    </section>
  );
}

function Coming({ area }: { area: HealingArea }) {
  if (!area.coming) return null;
  return (
    <section class="card">
      <h2 class="b">{th.comesNext}</h2>
      <p class="sm">{th.fromDay(area.coming.from_day, area.coming.what_is_usual)}</p>
    </section>
  );
}

/** What waits on this phone and is therefore not in the curve yet. */
function Unsent() {
  return (
    <>
      {savedCheckIns.value.length > 0 && (
        <Banner icon="check">
          <b>{t.today.checkInSaved}.</b> {t.today.sendsBySelf}.
        </Banner>
      )}
      {savedPhotos.value.length > 0 && <UnsentPhoto />}
    </>
  );
}

function UnsentPhoto() {
  return (
    <Note tone="watch" icon="alert">
      <p>
        <b>{th.photoUnsent}</b> {savedCheckIns.value.length === 0 && `${th.answersSent} `}
        {th.photoAgain}
      </p>
      <Button class="ghost" onClick={() => void sendSaved()}>
        {th.tryNow}
      </Button>
    </Note>
  );
}

function Stale({ at }: { at: string }) {
  const when = whenText(at, minute.value, dayZone.value, language, th.updatedWhen);
  return (
    <Note icon={online.value ? "clock" : "offline"}>
      <p role="status">
        <b>{th.updated(when)}</b>
      </p>
      <Button class="ghost" onClick={() => void loadHealing()}>
        {th.refresh}
      </Button>
    </Note>
  );
}
