import { useEffect, useState } from "preact/hooks";
import { pushState, readPushState, turnOnPush } from "../actions/push.ts";
import { changeSettings, type Saved } from "../actions/settings.ts";
import { me } from "../actions/state.ts";
import type { MePatch } from "../lib/contract.ts";
import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { TimeField } from "../ui/fields.tsx";
import { AppIcon } from "../ui/icons.tsx";
import { BackButton, Button, Dock, Heading, Note, Phone, Steps } from "../ui/page.tsx";
import { QuietHours } from "../ui/quiet_hours.tsx";

const INSTALL = "/start/install";
const goOn = () => navigate(INSTALL);

/** Shows the exact notification before the phone asks whether it may come. */
export function RemindersScreen() {
  const [saved, setSaved] = useState<Saved | null>(null);
  usePushState();
  const profile = me.value;
  const words = startWords.reminders;
  const change = async (patch: MePatch) => setSaved(await changeSettings(patch));
  return (
    <Phone>
      <header class="top">
        <BackButton fallback="/" />
        <Steps step={2} of={2} label={words.step} />
      </header>
      <main class="scroll q">
        <Heading page={words.page} title={words.title} />
        <p class="muted">{words.lead}</p>
        <LockPreview />
        <div class="card flush list">
          <TimeField
            label={words.morning}
            value={profile?.check_in_at ?? "08:00"}
            onChange={(check_in_at) => void change({ check_in_at })}
          />
          {profile?.quiet && (
            <QuietHours quiet={profile.quiet} onChange={(quiet) => void change({ quiet })} />
          )}
        </div>
        <div role="status">{saved && saved !== "saved" && <Note icon="info">{t.settings[saved]}</Note>}</div>
        <PushNote />
        <Dock>
          <PushButtons />
        </Dock>
      </main>
    </Phone>
  );
}

/** Looks again when the person comes back from the phone's settings. Who has reminders already is not asked. */
function usePushState(): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === "visible") void readPushState();
    };
    void readPushState().then(() => pushState.value === "on" && navigate(INSTALL, true));
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
}

function LockPreview() {
  return (
    <div class="lockview" role="img" aria-label={startWords.reminders.preview}>
      <div class="notif">
        <AppIcon />
        <div class="grow">
          <div class="row sp">
            <span class="b sm">{t.app}</span>
            <span class="xs faint">{startWords.reminders.now}</span>
          </div>
          <div class="sm">{startWords.reminders.sample}</div>
        </div>
      </div>
    </div>
  );
}

function PushNote() {
  const words = startWords.reminders;
  if (pushState.value === "denied") {
    return (
      <Note tone="watch" icon="bell">
        <p>
          <b>{words.denied}</b> {words.deniedHow}
        </p>
      </Note>
    );
  }
  if (pushState.value === "unsupported") {
    return (
      <Note icon="bell">
        <p>
          <b>{words.unsupported}</b> {words.unsupportedHow}
        </p>
      </Note>
    );
  }
  return null;
}

function PushButtons() {
  const [failed, setFailed] = useState(false);
  const words = startWords.reminders;
  if (pushState.value === "on") {
    return (
      <>
        <p class="center b" role="status">
          {words.on}
        </p>
        <Button onClick={goOn}>{words.continue}</Button>
      </>
    );
  }
  if (pushState.value !== "off") return <Button onClick={goOn}>{words.continue}</Button>;
  const turnOn = async () => {
    const state = await turnOnPush();
    if (state === "on") goOn();
    setFailed(state === "off");
  };
  return (
    <>
      {failed && (
        <p class="center sm" role="alert">
          {words.failed}
        </p>
      )}
      <Button icon="bell" onClick={() => void turnOn()}>
        {words.turnOn}
      </Button>
      <Button class="ghost" onClick={goOn}>
        {words.notNow}
      </Button>
    </>
  );
}
