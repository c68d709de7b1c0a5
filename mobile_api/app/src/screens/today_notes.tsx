import { useEffect } from "preact/hooks";
import { resumed, resumeReminders, sayAllFine } from "../actions/silence.ts";
import { isSaidFine, keptToday, me, online, openCheckIns, phoneZone, zoneChoice } from "../actions/state.ts";
import { answerZone } from "../actions/zone.ts";
import type { Today } from "../lib/contract.ts";
import { choiceFor, cityOf } from "../lib/zone.ts";
import { t } from "../strings/index.ts";
import { Button, Note } from "../ui/page.tsx";
import { Worried } from "./area_heads.tsx";

/** From so many check-ins missed in a row on, one tap is enough. */
const ONE_TAP_AFTER = 2;

/** Someone who comes back after a silence: reminders start again by themselves, and one tap is enough. */
export function SilenceNotes({ day }: { day: Today }) {
  const stopped = day.silence?.stopped ?? false;
  useEffect(() => {
    if (stopped && online.value) void resumeReminders();
  }, [stopped, online.value, keptToday.value?.now]);
  return (
    <>
      <div class="notes col g3" role="status">
        {resumed.value && (
          <Note tone="ok" icon="bell">
            <p>
              <b>{t.today.remindersOn}</b>
            </p>
          </Note>
        )}
        {isFine(day) && <FineNote />}
      </div>
      {offersOneTap(day) && <OneTap day={day} />}
    </>
  );
}

function isFine(day: Today): boolean {
  return day.next_check_in !== null && isSaidFine(day.next_check_in);
}

function FineNote() {
  const name = me.value?.practitioner.name ?? "";
  return (
    <Note tone="ok" icon="check">
      <p>
        <b>{t.today.fineThanks}</b> {online.value ? t.today.fineLead(name) : t.today.sendsBySelf}
      </p>
    </Note>
  );
}

/** Whether one tap is offered in place of the whole check-in. */
export function offersOneTap(day: Today): boolean {
  const missed = day.silence?.missed ?? 0;
  const starting = (day.silence?.stopped ?? false) && online.value;
  return missed >= ONE_TAP_AFTER && openCheckIns.value.length > 0 && !isFine(day) && !starting;
}

function OneTap({ day }: { day: Today }) {
  return (
    <section class="card col g3">
      <h2 class="b">{t.today.oneTap}</h2>
      <Button icon="check" onClick={() => void sayAllFine()}>
        {t.today.allFine}
      </Button>
      <Worried areas={day.areas} />
    </section>
  );
}

/** The phone is in another time zone: asked once whether reminders shall follow. */
export function ZoneNote() {
  const choice = choiceFor(zoneChoice.value, phoneZone());
  if (choice?.answer !== "asked") return null;
  return (
    <Note tone="pri" icon="globe">
      <p>
        <b>{t.today.zone(cityOf(choice.phone))}</b> {t.today.zoneLead}
      </p>
      <div class="col g2">
        <Button class="sec h48" onClick={() => void answerZone("follow")}>
          {t.today.zoneRight}
        </Button>
        <Button class="ghost" onClick={() => void answerZone("keep")}>
          {t.today.zoneKeep(cityOf(choice.home))}
        </Button>
      </div>
    </Note>
  );
}
