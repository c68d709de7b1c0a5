import { tellGotHelp } from "../actions/check_ins.ts";
import { dayZone, helpedFlags, me, minute } from "../actions/state.ts";
import type { KeptResult } from "../actions/state.ts";
import type { FlagTold } from "../lib/contract.ts";
import { whenText } from "../lib/dates.ts";
import { language, t } from "../strings/index.ts";
import { GotHelp, HelpCard } from "../ui/help.tsx";
import { Link, Note } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";
import { ShowCard } from "./show_card.tsx";

const when = (at: string) => whenText(at, minute.value, dayZone.value, language, t.when);

/** In place of the hero while a red flag is open, until help was got or the clinic closed it. */
export function FlagCard({ flag, carePlan }: { flag: FlagTold; carePlan: string }) {
  return (
    <div class="col g4">
      <HelpCard level={flag.level} advice={[flag.tell_client]} me={me.value} />
      <ShowCard id={carePlan} />
      <Note tone={flag.seen ? "ok" : ""} icon={flag.seen ? "check" : "send"}>
        <p role="status">
          {flag.seen
            ? t.today.seen(flag.seen.by, when(flag.seen.at))
            : t.warning.received(when(flag.raised_at))}
        </p>
      </Note>
      <GotHelp onTell={(who) => void tellGotHelp(flag.id, who)} />
    </div>
  );
}

/** Help was got: the day is back, and the warning stands beside it until the clinic closes it. */
export function HelpedNote({ flag, carePlan }: { flag: FlagTold; carePlan: string }) {
  return (
    <Note tone="watch" icon="alert">
      <p>
        <b>{t.states.helped}</b> {t.states.helpedLead(me.value?.practitioner.name ?? "")}
      </p>
      <p class="sm">
        <PlanWords>{flag.tell_client}</PlanWords>
      </p>
      <p class="links">
        <Link to={`/card/${carePlan}`}>{t.states.showCard}</Link>
        <Link to="/help">{t.warning.getHelp}</Link>
      </p>
    </Note>
  );
}

/** Whether the client has said that help was got; "no one yet" is none. */
export function isHelped(flag: FlagTold): boolean {
  const told = flag.got_help && flag.got_help.who !== "no_one";
  return Boolean(told) || helpedFlags.value.has(flag.id);
}

/** A red answer that has not reached the clinic yet. */
export function UnsentFlagCard({ result }: { result: KeptResult }) {
  return (
    <div class="col g4">
      <HelpCard level={result.level} advice={result.advice} me={me.value} />
      <ShowCard id={result.id} />
      <Note tone="watch" icon="alert">
        <p>
          <b>{t.warning.notSent}</b> <Link to={`/check-in/${result.id}`}>{t.warning.seeAdvice}</Link>
        </p>
      </Note>
    </div>
  );
}
