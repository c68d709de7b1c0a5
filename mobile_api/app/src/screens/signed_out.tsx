import { useState } from "preact/hooks";
import { outbox } from "../actions/state.ts";
import { navigate } from "../lib/router.ts";
import { t } from "../strings/index.ts";
import { AppIcon } from "../ui/icons.tsx";
import { Heading, Note, Phone } from "../ui/page.tsx";

/** No session on this phone: the way in is the clinic's invitation. */
export function SignedOutScreen() {
  const saved = outbox.value.filter((item) => item.state === "saved" && item.kind !== "receipt").length;
  return (
    <Phone>
      <main class="scroll welcome">
        <div class="row">
          <AppIcon />
          <span class="b">{t.app}</span>
        </div>
        <div class="col g3">
          <Heading page={t.signedOut.page} title={t.signedOut.title} class="display" />
          <p class="muted">{t.signedOut.lead}</p>
        </div>
        {saved > 0 && <Note icon="info">{t.signedOut.saved(saved)}</Note>}
        <CodeForm />
      </main>
    </Phone>
  );
}

function CodeForm() {
  const [code, setCode] = useState("");
  const [missing, setMissing] = useState(false);
  const open = (event: Event) => {
    event.preventDefault();
    setMissing(code.trim() === "");
    if (code.trim()) navigate(`/i/${encodeURIComponent(code.trim())}`);
  };
  return (
    <form class="field col g3" onSubmit={open} noValidate>
      <label for="code">{t.signedOut.code}</label>
      {missing && (
        <span class="err" id="code-error" role="alert">
          {t.signedOut.codeMissing}
        </span>
      )}
      <input
        class="inp"
        id="code"
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        aria-describedby={missing ? "code-error" : undefined}
        value={code}
        onInput={(event) => setCode(event.currentTarget.value)}
      />
      <button class="btn" type="submit">
        {t.signedOut.open}
      </button>
    </form>
  );
}
