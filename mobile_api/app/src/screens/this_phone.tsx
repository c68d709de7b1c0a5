import { useState } from "preact/hooks";
import { isInstalled, isIphone } from "../actions/install.ts";
import { signOut } from "../actions/settings.ts";
import { asides, draft, outbox } from "../actions/state.ts";
import { isEmpty } from "../lib/check_in_form.ts";
import { clockTime } from "../lib/dates.ts";
import { PASSING, type OutboxItem } from "../lib/flush.ts";
import { navigate } from "../lib/router.ts";
import { displayWords } from "../strings/display.ts";
import { language, t } from "../strings/index.ts";
import { startWords } from "../strings/start.ts";
import { Icon } from "../ui/icons.tsx";
import { Button } from "../ui/page.tsx";

const SHOWN = 8;
const isOfUse = (item: OutboxItem) => !PASSING.includes(item.kind);

/** What this phone has sent and what still waits. */
export function OnThisPhone({ onSend }: { onSend: () => void }) {
  const items = outbox.value.filter(isOfUse).toReversed();
  const waits = items.some((item) => item.state !== "sent");
  return (
    <section>
      <h2 class="sec-h">{t.settings.waiting}</h2>
      <ul class="card flush list">
        {items.slice(0, SHOWN).map((item) => (
          <li class="li" key={item.id}>
            <Icon name={item.state === "sent" ? "check" : "clock"} />
            <span class="grow">
              <span class="b">{t.settings.itemKind[item.kind]}</span>
              <span class="sm muted own-line">{t.settings.itemState[item.state]}</span>
            </span>
            <span class="v">{clockTime(item.made_at, language)}</span>
          </li>
        ))}
        {!waits && <li class="li muted">{t.settings.nothingWaiting}</li>}
      </ul>
      {waits && (
        <Button class="sec below" onClick={onSend}>
          {t.settings.sendNow}
        </Button>
      )}
      {isIphone() && !isInstalled() && (
        <Button class="sec below" onClick={() => navigate("/start/install")}>
          {startWords.install.page}
        </Button>
      )}
    </section>
  );
}

/** Warns of what would be lost, then removes everything from this phone. */
export function SignOut() {
  const [asking, setAsking] = useState(false);
  const unsent = outbox.value.filter((item) => item.state !== "sent" && isOfUse(item)).length;
  const unfinished = [draft.value, ...asides.value].some((form) => form && !form.amends && !isEmpty(form));
  if (!asking) {
    return (
      <Button class="line" onClick={() => setAsking(true)}>
        {t.settings.signOut}
      </Button>
    );
  }
  return (
    <section class="card col g3" role="alertdialog" aria-labelledby="sign-out">
      <h2 class="b" id="sign-out">
        {t.settings.signOutAsk}
      </h2>
      {unsent > 0 && <p class="err">{t.settings.signOutUnsent(unsent)}</p>}
      {unfinished && <p class="err">{displayWords.unfinished}</p>}
      <p class="muted">{t.settings.signOutLead}</p>
      <Button class="urg" onClick={() => void signOut()}>
        {t.settings.signOutYes}
      </Button>
      <Button class="sec" onClick={() => setAsking(false)}>
        {t.settings.cancel}
      </Button>
    </section>
  );
}
