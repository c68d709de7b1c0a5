import { useEffect, useState } from "preact/hooks";
import { accept, inviteState, resumeInvite } from "../actions/enrolment.ts";
import { navigate } from "../lib/router.ts";
import { dataWords } from "../strings/data.ts";
import { startWords } from "../strings/start.ts";
import { Switch } from "../ui/fields.tsx";
import { BackButton, Button, Dock, Heading, Link, Note, Phone, Skeleton, Steps } from "../ui/page.tsx";
import { MyDataScreen } from "./my_data.tsx";

const CONSENT = "/start/consent";

const NOTHING = { photos: false, show: false };

/** Its pages share what was chosen: reading what happens to the data changes none of it. */
export function ConsentScreen({ page }: { page: string }) {
  const [chosen, choose] = useState(NOTHING);
  const state = inviteState.value;
  useEffect(() => {
    if (state.is === "loading") void resumeInvite();
    else if (state.is === "spent" || state.is === "declined") navigate("/", true);
  }, [state.is]);
  if (page === "data" && state.is === "open")
    return <MyDataScreen who={state.invite.practitioner_short} back={CONSENT} />;
  return (
    <Phone>
      <header class="top">
        <BackButton fallback="/" />
        <Steps step={1} of={2} label={startWords.consent.step} />
      </header>
      <main class="scroll q">
        {state.is === "open" ? <Choices chosen={chosen} onChoose={choose} /> : <Skeleton />}
      </main>
    </Phone>
  );
}

interface ChoicesProps {
  chosen: typeof NOTHING;
  onChoose: (chosen: typeof NOTHING) => void;
}

/** Both switches start off; sharing check-ins is the service itself and stands in words. */
function Choices({ chosen, onChoose }: ChoicesProps) {
  const { photos, show } = chosen;
  const [failed, setFailed] = useState(false);
  const [busy, setBusy] = useState(false);
  const state = inviteState.value;
  if (state.is !== "open") return null;
  const who = state.invite.practitioner_short;
  const agree = async () => {
    setBusy(true);
    const joined = await accept(state.code, photos, show);
    setBusy(false);
    if (joined) navigate("/start/reminders", true);
    else setFailed(true);
  };
  return (
    <>
      <Heading page={startWords.consent.page} title={startWords.consent.title} />
      <p class="muted">{startWords.consent.lead}</p>
      <CareCard who={who} />
      <div class="card flush list">
        <Switch
          label={startWords.consent.photos(who)}
          hint={startWords.consent.photosHint}
          on={photos}
          onChange={(on) => onChoose({ ...chosen, photos: on })}
        />
        <Switch
          label={startWords.consent.show(who)}
          hint={startWords.consent.showHint}
          on={show}
          onChange={(on) => onChoose({ ...chosen, show: on })}
        />
      </div>
      <Note tone="pri" icon="info">
        <p>{startWords.consent.noDoctor}</p>
      </Note>
      <p class="sm">
        <Link to={`${CONSENT}/data`}>{dataWords.page}</Link>
      </p>
      {failed && (
        <p class="err" role="alert">
          {startWords.consent.failed}
        </p>
      )}
      <Dock>
        <Button disabled={busy} onClick={() => void agree()}>
          {startWords.consent.agree}
        </Button>
      </Dock>
    </>
  );
}

function CareCard({ who }: { who: string }) {
  return (
    <div class="card row start">
      <span class="avatar" aria-hidden="true">
        {who.slice(0, 1)}
      </span>
      <p class="grow">
        <b>{startWords.consent.care(who)}</b> <span class="muted">{startWords.consent.careWhy}</span>
      </p>
    </div>
  );
}
