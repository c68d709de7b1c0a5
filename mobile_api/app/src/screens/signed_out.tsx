import { useState } from "preact/hooks";
import { enter, handOverState } from "../actions/hand_over.ts";
import { isInstalled, isIphone } from "../actions/install.ts";
import { refresh } from "../actions/loading.ts";
import { outbox } from "../actions/state.ts";
import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { AppIcon } from "../ui/icons.tsx";
import { Heading, Note, Phone } from "../ui/page.tsx";

const HAND_OVER_LENGTH = 8;

/** No session on this phone: the way in is the clinic's invitation, or the browser that is signed in. */
export function SignedOutScreen() {
  const saved = outbox.value.filter((item) => item.state === "saved" && item.kind !== "receipt").length;
  const words = startWords.signedOut;
  const carriesOn = handOverState.value !== "none" || (isIphone() && isInstalled());
  const page = carriesOn ? words.handOver : words.page;
  return (
    <Phone>
      <main class="scroll welcome">
        <div class="row">
          <AppIcon />
          <span class="b">{t.app}</span>
        </div>
        <div class="col g3">
          <Heading page={page} title={page} class="display" />
          <p class="muted">{carriesOn ? words.handOverLead : words.lead}</p>
        </div>
        {handOverState.value === "gone" && <Note icon="info">{words.handOverGone}</Note>}
        {handOverState.value === "offline" && <Note icon="offline">{words.handOverOffline}</Note>}
        {saved > 0 && <Note icon="info">{words.saved(saved)}</Note>}
        <CodeForm label={carriesOn ? words.anyCode : words.code} />
      </main>
    </Phone>
  );
}

/** Takes the code of an invitation, and the shorter one that the browser shows for the Home Screen. */
function CodeForm({ label }: { label: string }) {
  const [code, setCode] = useState("");
  const [fault, setFault] = useState("");
  const open = async (event: Event) => {
    event.preventDefault();
    const typed = code.replace(/[^0-9a-z]/gi, "");
    setFault(typed ? "" : startWords.signedOut.codeMissing);
    if (!typed) return;
    if (typed.length !== HAND_OVER_LENGTH) return navigate(`/i/${encodeURIComponent(code.trim())}`);
    const answer = await enter(typed);
    if (answer === "in") await refresh();
    else setFault(answer === "gone" ? startWords.signedOut.codeGone : startWords.signedOut.handOverOffline);
  };
  return (
    <form class="field col g3" onSubmit={(event) => void open(event)} noValidate>
      <label for="code">{label}</label>
      {fault && (
        <span class="err" id="code-error" role="alert">
          {fault}
        </span>
      )}
      <input
        class="inp"
        id="code"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        aria-describedby={fault ? "code-error" : undefined}
        value={code}
        onInput={(event) => setCode(event.currentTarget.value)}
      />
      <button class="btn" type="submit">
        {startWords.signedOut.open}
      </button>
    </form>
  );
}
