import { useEffect, useState } from "preact/hooks";
import { consentVersion } from "../actions/enrolment.ts";
import { pushState, readPushState, turnOffPush, turnOnPush } from "../actions/push.ts";
import { sendRefusedAgain } from "../actions/sending.ts";
import { changeSettings, type Saved } from "../actions/settings.ts";
import { dayZone, me, phoneZone } from "../actions/state.ts";
import { answerZone } from "../actions/zone.ts";
import type { Consent, Me, MePatch } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { Row, Switch, TimeField } from "../ui/fields.tsx";
import { Button, Note, Phone, Skeleton, Top } from "../ui/page.tsx";
import { Display, YourData } from "./display.tsx";
import { MyDataScreen } from "./my_data.tsx";
import { StepTimes } from "./step_times.tsx";
import { OnThisPhone, SignOut } from "./this_phone.tsx";

const FIRST_QUIET = { from: "22:00", until: "07:30" };

export function SettingsScreen({ page }: { page: string }) {
  const [saved, setSaved] = useState<Saved | null>(null);
  useEffect(() => void readPushState(), []);
  const profile = me.value;
  const change = async (patch: MePatch) => setSaved(await changeSettings(patch));
  if (page === "data") return <MyDataScreen who={profile?.practitioner.name ?? ""} back="/settings" />;
  return (
    <Phone>
      <Top page={t.settings.page} title={t.settings.page} back="/" />
      <main class="scroll">
        <div role="status">{saved && <SavedNote saved={saved} />}</div>
        {!profile && <Skeleton />}
        {profile && <Reminders profile={profile} change={change} onSaved={setSaved} />}
        {profile && <Privacy profile={profile} change={change} />}
        <Display />
        {profile && <YourData profile={profile} />}
        <OnThisPhone onSend={() => void sendRefusedAgain()} />
        <SignOut />
      </main>
    </Phone>
  );
}

function SavedNote({ saved }: { saved: Saved }) {
  if (saved === "saved") return <p class="sm muted">{t.settings.saved}</p>;
  return <Note icon="info">{saved === "offline" ? t.settings.offline : t.settings.refused}</Note>;
}

interface PartProps {
  profile: Me;
  change: (patch: MePatch) => Promise<void>;
}

function Reminders({ profile, change, onSaved }: PartProps & { onSaved: (saved: Saved) => void }) {
  const words = t.settings;
  return (
    <section>
      <h2 class="sec-h">{words.reminders}</h2>
      <div class="card flush list">
        <PushRow />
        <TimeField
          label={words.checkInAt}
          hint={words.everyDay}
          value={profile.check_in_at}
          onChange={(check_in_at) => void change({ check_in_at })}
        />
        <StepTimes onSaved={onSaved} />
        <QuietRows profile={profile} change={change} />
        <ZoneRow profile={profile} />
      </div>
    </section>
  );
}

function ZoneRow({ profile }: { profile: Me }) {
  const words = t.settings;
  if (dayZone.value === phoneZone())
    return <Row label={words.zone} hint={words.zoneHint} value={phoneZone()} />;
  return (
    <>
      <Row label={words.zone} hint={words.zoneKept} value={profile.zone} />
      <div class="li">
        <Button class="ghost" onClick={() => void answerZone("follow")}>
          {words.zoneFollow}
        </Button>
      </div>
    </>
  );
}

function PushRow() {
  const words = t.settings;
  const push = pushState.value;
  if (push === "denied" || push === "unsupported") {
    return (
      <Row
        label={words.turnOn}
        hint={push === "denied" ? startWords.reminders.deniedHow : startWords.reminders.unsupportedHow}
        value={words.off}
      />
    );
  }
  return (
    <Switch
      label={words.turnOn}
      on={push === "on"}
      onChange={(on) => void (on ? turnOnPush() : turnOffPush())}
    />
  );
}

function QuietRows({ profile, change }: PartProps) {
  const words = t.settings;
  const { quiet } = profile;
  return (
    <>
      <Switch
        label={words.quiet}
        hint={words.quietHint}
        on={quiet !== null}
        onChange={(on) => void change({ quiet: on ? FIRST_QUIET : null })}
      />
      {quiet && (
        <>
          <TimeField
            label={words.quietFrom}
            value={quiet.from}
            onChange={(from) => void change({ quiet: { ...quiet, from } })}
          />
          <TimeField
            label={words.quietUntil}
            value={quiet.until}
            onChange={(until) => void change({ quiet: { ...quiet, until } })}
          />
          <Switch
            label={words.helpBreaks}
            hint={words.helpBreaksHint}
            on={profile.help_may_break_quiet}
            onChange={(help_may_break_quiet) => void change({ help_may_break_quiet })}
          />
        </>
      )}
    </>
  );
}

function Privacy({ profile, change }: PartProps) {
  const name = profile.practitioner.name;
  const given = (kind: Consent["kind"]) => profile.consents.some((one) => one.kind === kind && one.given);
  const consent = (kind: Consent["kind"]) => (on: boolean) =>
    void change({ consents: [{ kind, given: on, text_version: consentVersion() }] });
  return (
    <section>
      <h2 class="sec-h">{t.settings.privacy}</h2>
      <div class="card flush list">
        <Switch
          label={t.settings.discreet}
          hint={t.settings.discreetHint}
          on={profile.discreet}
          onChange={(discreet) => void change({ discreet })}
        />
        <Switch
          label={t.settings.cover}
          hint={t.settings.coverHint}
          on={profile.cover_photos}
          onChange={(cover_photos) => void change({ cover_photos })}
        />
        <Switch
          label={startWords.consent.photos(name)}
          hint={startWords.consent.photosHint}
          on={given("photos")}
          onChange={consent("photos")}
        />
        <Switch
          label={startWords.consent.show(name)}
          hint={startWords.consent.showHint}
          on={given("show_photos")}
          onChange={consent("show_photos")}
        />
      </div>
    </section>
  );
}
