import { tellGotHelp } from "../actions/check_ins.ts";
import { dayZone, me, minute } from "../actions/state.ts";
import type { KeptResult } from "../actions/state.ts";
import type { FlagTold } from "../lib/contract.ts";
import { whenText } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";
import { GotHelp, HelpCard } from "../ui/help.tsx";
import { Link, Note } from "../ui/page.tsx";

const when = (at: string) => whenText(at, minute.value, dayZone.value, language, t.when);

/** In place of the hero while a red flag is open, until help was got or the clinic closed it. */
export function FlagCard({ flag }: { flag: FlagTold }) {
  return (
    <div class="col g4">
      <HelpCard level={flag.level} advice={[flag.tell_client]} me={me.value} />
      <Note tone={flag.seen ? "ok" : ""} icon={flag.seen ? "check" : "send"}>
        <p role="status">
          {flag.seen
            ? t.today.seen(flag.seen.by, when(flag.seen.at))
            : t.result.received(when(flag.raised_at))}
        </p>
      </Note>
      {flag.got_help ? (
        <p class="muted">{t.result.whoThanks}</p>
      ) : (
        <GotHelp onTell={(who) => void tellGotHelp(flag.id, who)} />
      )}
    </div>
  );
}

/** A red answer that has not reached the clinic yet. */
export function UnsentFlagCard({ result }: { result: KeptResult }) {
  return (
    <div class="col g4">
      <HelpCard level={result.level} advice={result.advice} me={me.value} />
      <Note tone="watch" icon="alert">
        <p>
          <b>{t.result.notSent}</b> <Link to={`/check-in/${result.id}`}>{t.checkIn.seeAdvice}</Link>
        </p>
      </Note>
    </div>
  );
}
