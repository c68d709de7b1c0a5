import { useEffect, useState } from "preact/hooks";
import { pushState, readPushState, turnOnPush } from "../actions/push.ts";
import { changeSettings } from "../actions/settings.ts";
import { me } from "../actions/state.ts";
import { wallTime } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { language, t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { Row, TimeField } from "../ui/fields.tsx";
import { AppIcon } from "../ui/icons.tsx";
import { BackButton, Button, Dock, Heading, Note, Phone, Steps } from "../ui/page.tsx";

const goOn = () => navigate("/start/install");

/** Shows the exact notification before the phone asks whether it may come. */
export function RemindersScreen() {
  useEffect(() => void readPushState(), []);
  const profile = me.value;
  const words = startWords.reminders;
  const quiet = profile?.quiet;
  const hours = quiet && `${wallTime(quiet.from, language)} – ${wallTime(quiet.until, language)}`;
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
            onChange={(check_in_at) => void changeSettings({ check_in_at })}
          />
          {hours && <Row label={words.quiet} hint={words.quietHint} value={hours} />}
        </div>
        <PushNote />
        <Dock>
          <PushButtons />
        </Dock>
      </main>
    </Phone>
  );
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
