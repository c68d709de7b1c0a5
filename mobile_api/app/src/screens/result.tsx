import { useEffect, useState } from "preact/hooks";
import { loadResult } from "../actions/check_in_outcome.ts";
import { tellGotHelp } from "../actions/check_ins.ts";
import {
  dayZone,
  me,
  minute,
  noRoom,
  online,
  planOf,
  refused,
  results,
  today,
  type KeptResult,
} from "../actions/state.ts";
import type { Level } from "../lib/contract.ts";
import { whenText } from "../lib/dates.ts";
import { waitsToBeSeen, whereIs, type Whereabouts } from "../lib/received.ts";
import { isRed } from "../lib/rules.ts";
import { navigate } from "../lib/router.ts";
import { checkInWords } from "../strings/check_in.ts";
import { language, t } from "../strings/index.ts";
import { EmergencyBox, GotHelp, HelpCard, numbersOf } from "../ui/help.tsx";
import { Icon } from "../ui/icons.tsx";
import { Button, Dock, Heading, Link, LoadingScreen, Note, Phone, usePage } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";
import { ShowCard } from "./show_card.tsx";

/** What a check-in means for now: the phone's own word, replaced by the server's as soon as it is there. */
export function ResultScreen({ id }: { id: string }) {
  const [loaded, setLoaded] = useState<KeptResult | null | undefined>();
  const asksAgain = waitsToBeSeen(today.value) && minute.value;
  useEffect(() => void loadResult(id).then(setLoaded), [id, online.value, asksAgain]);
  const newest = results.value.find((one) => one.id === id);
  // What was just asked for knows who has seen it; what this phone keeps may be older.
  const result = loaded?.server ? loaded : (newest ?? loaded);
  if (!result) return loaded === undefined ? <LoadingScreen /> : <NotFound />;
  const level = result.server?.level ?? result.level;
  return (
    <Phone>
      <main class="scroll result">
        {isRed(level) ? <Red result={result} level={level} /> : <Calm result={result} level={level} />}
        <p class="sm muted">
          {result.server?.disclaimer ?? checkInWords.result.disclaimer}{" "}
          {result.server?.emergency_line ?? checkInWords.result.emergencyLine(numbersOf(me.value).emergency)}
        </p>
        <Dock>
          <Button class={isRed(level) ? "sec" : ""} onClick={() => navigate("/", true)}>
            {t.done}
          </Button>
        </Dock>
      </main>
    </Phone>
  );
}

const when = (at: string) => whenText(at, minute.value, me.value?.zone ?? dayZone.value, language, t.when);
const advised = (result: KeptResult) => result.server?.advice.map((one) => one.tell_client) ?? result.advice;

function Calm({ result, level }: { result: KeptResult; level: Level }) {
  const reasons = result.server?.reasons.map((reason) => reason.text) ?? result.reasons;
  const watch = level === "watch";
  const day = result.day || (planOf(result.care_plan_id)?.earlier.at(-1)?.day ?? 0);
  return (
    <>
      <section class={`verdict ${watch ? "watch" : "ok"}`} aria-live="polite">
        <div class="ic">
          <Icon name={watch ? "clock" : "check"} />
        </div>
        <Heading page={checkInWords.result.page} title={result.server?.title ?? t.levels[level](day)} />
        {!watch && <p>{checkInWords.result.usual}</p>}
      </section>
      <section>
        <h2 class="sec-h">{checkInWords.result.why}</h2>
        <ul class="why">
          {reasons.map((reason) => (
            <li key={reason} class={watch ? "differs" : ""}>
              <Icon name={watch ? "more" : "check"} />
              <span>{reason}</span>
            </li>
          ))}
          {reasons.length === 0 && (
            <li>
              <Icon name="check" />
              <span>{checkInWords.result.noSigns}</span>
            </li>
          )}
        </ul>
      </section>
      <WhatToDo result={result} />
      <WhoLooks result={result} watch={watch} />
      {watch && <TellMore />}
      <Sending result={result} />
      {!watch && (
        <Link to="/healing" class="btn ghost">
          {checkInWords.result.curve}
        </Link>
      )}
    </>
  );
}

/** What differs is seen better in a picture. */
function TellMore() {
  const name = me.value?.practitioner.name ?? "";
  return (
    <>
      <Link to="/messages/photo" class="btn sec">
        <Icon name="camera" />
        {checkInWords.result.addPhoto(name)}
      </Link>
      <Link to="/messages" class="btn ghost">
        {t.messages.write(name)}
      </Link>
    </>
  );
}

function WhatToDo({ result }: { result: KeptResult }) {
  const told = advised(result);
  const lines = [...new Set([...(result.server?.do_now ?? []), ...told])];
  const again = result.server?.check_again_at;
  return (
    <section class="card">
      <h2 class="b">{checkInWords.result.doNow}</h2>
      {lines.map((line) => (
        <p key={line}>{told.includes(line) ? <PlanWords>{line}</PlanWords> : line}</p>
      ))}
      {lines.length === 0 && <p>{checkInWords.result.keepOn}</p>}
      {again && <p class="b">{checkInWords.result.again(when(again))}</p>}
    </section>
  );
}

function WhoLooks({ result, watch }: { result: KeptResult; watch: boolean }) {
  const by = result.server?.told?.looked_at_by;
  const name = result.server?.told?.practitioner ?? me.value?.practitioner.name ?? "";
  const reviewed = result.server?.reviewed;
  return (
    <div class="row start">
      <span class="avatar" aria-hidden="true">
        {me.value?.practitioner.initials}
      </span>
      <p class="sm grow">
        {reviewed ? <b class="own-line">{checkInWords.result.lookedAt(reviewed.by)}</b> : null}
        {by && !reviewed ? <b class="own-line">{checkInWords.result.looks(name, when(by))}</b> : null}
        <span class="muted">
          {watch ? checkInWords.result.worse : checkInWords.result.changes}{" "}
          {watch && <Link to="/help">{t.warning.getHelp}</Link>}
        </span>
      </p>
    </div>
  );
}

function Red({ result, level }: { result: KeptResult; level: Level }) {
  const page = usePage(checkInWords.result.page);
  const signs = planOf(result.care_plan_id)?.report.signs ?? [];
  const flag = result.server?.flags.find((one) => isRed(one.level));
  const doNow = result.server?.do_now ?? [];
  return (
    <>
      <div ref={page} tabIndex={-1}>
        <HelpCard level={level} advice={advised(result)} me={me.value} heading="h1" />
      </div>
      <ShowCard id={result.id} />
      {level === "today" && (
        <EmergencyBox
          me={me.value}
          signs={signs.filter((sign) => sign.level === "now").map((sign) => sign.label)}
        />
      )}
      <Sending result={result} />
      {doNow.length > 0 && (
        <section class="card">
          <h2 class="b">{checkInWords.result.until}</h2>
          {doNow.map((line) => (
            <p key={line} class="sm">
              {line}
            </p>
          ))}
        </section>
      )}
      {flag && !flag.got_help && <GotHelp onTell={(who) => void tellGotHelp(flag.id, who)} />}
    </>
  );
}

/** Saved on this phone, received by the clinic, seen by whom and when: always one of the three, in words. */
function Sending({ result }: { result: KeptResult }) {
  const red = isRed(result.server?.level ?? result.level);
  const name = me.value?.practitioner.name ?? "";
  const isRefused = refused.value.some((item) => item.id === result.id);
  if (result.sent_at === null) {
    return (
      <Note tone={red || isRefused ? "watch" : ""} icon={red || isRefused ? "alert" : "check"}>
        <p role="status">
          <b>{red ? t.warning.notSent : noRoom.value ? t.states.heldResult : checkInWords.result.saved}</b>{" "}
          {isRefused ? checkInWords.result.couldNotSend : checkInWords.result.sendsBySelf}
        </p>
      </Note>
    );
  }
  if (red) return <Arrived place={whereIs(result.sent_at, result.server)} />;
  return (
    <Note icon="send">
      <p role="status">
        <b>{checkInWords.result.has(name)}</b>{" "}
        {checkInWords.result.sent(when(new Date(result.sent_at).toISOString()))}
      </p>
    </Note>
  );
}

function Arrived({ place }: { place: Whereabouts }) {
  const seen = place.at === "person";
  return (
    <Note tone={seen ? "ok" : ""} icon={seen ? "check" : "send"}>
      <p role="status">
        {place.at === "person" && <b>{checkInWords.result.seen(place.by, when(place.seen_at))}</b>}
        {place.at === "clinic" && <b>{t.warning.received(when(place.received_at))}</b>}{" "}
        {!seen && checkInWords.result.dontWait}
      </p>
    </Note>
  );
}

function NotFound() {
  return (
    <Phone>
      <main class="scroll welcome">
        <Heading page={checkInWords.result.page} title={checkInWords.result.notFound} />
        <p class="muted">{checkInWords.result.notFoundLead}</p>
        <Button class="sec" onClick={() => navigate("/", true)}>
          {t.tabs.today}
        </Button>
      </main>
    </Phone>
  );
}
