import { useEffect, useRef, useState } from "preact/hooks";
import { canRing } from "../actions/push.ts";
import { ring, stayAwake } from "../actions/alert.ts";
import { finishMask, pauseMask, resumeMask, stopBurning } from "../actions/steps.ts";
import { online, timers } from "../actions/state.ts";
import { now, phoneDelay } from "../lib/clock.ts";
import { clockTime } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { announceMinute, clockFace, litDots, OVERRUN_SHOWN, timeLeft, type MaskTimer } from "../lib/timer.ts";
import { language, t } from "../strings/index.ts";
import { timerWords as words } from "../strings/timer.ts";
import { Dial } from "../ui/dial.tsx";
import { Icon } from "../ui/icons.tsx";
import { Button, Note, Phone, Top } from "../ui/page.tsx";
import { BurningAdvice, MaskOver } from "./timer_end.tsx";

/** The recovery mask's timer: time is the end minus now, so lock, reload and a closed app change nothing. */
export function TimerScreen({ id }: { id: string }) {
  const timer = timers.value.find((one) => one.id === id);
  return (
    <Phone>
      <main class="timer">
        <Top page={words.page} title={timer?.title ?? words.page} back="/" />
        {timer ? <Timer timer={timer} /> : <Gone />}
      </main>
    </Phone>
  );
}

function Timer({ timer }: { timer: MaskTimer }) {
  const left = useTimeLeft(timer);
  const over = timer.ended === "done" || left <= 0;
  useEffect(() => {
    if (left > 0 || timer.ended) return;
    if (left > -OVERRUN_SHOWN) ring();
    void finishMask(timer);
  }, [left <= 0, timer.ended]);
  if (timer.ended === "burning") return <BurningAdvice timer={timer} />;
  return over ? <MaskOver timer={timer} /> : <Running timer={timer} left={left} />;
}

/** Time left, read anew each second. */
function useTimeLeft(timer: MaskTimer): number {
  const [left, setLeft] = useState(timeLeft(timer, now()));
  useEffect(() => {
    const read = () => setLeft(timeLeft(timer, now()));
    read();
    const ticking = setInterval(read, Math.max(50, phoneDelay(1000)));
    return () => clearInterval(ticking);
  }, [timer]);
  return left;
}

function Running({ timer, left }: { timer: MaskTimer; left: number }) {
  useEffect(stayAwake, []);
  const face = clockFace(left);
  return (
    <>
      <div class="grow col timer-body">
        <div class="dial" role="timer" aria-label={words.spoken(face.minutes, face.seconds)}>
          <Dial lit={litDots(timer, left)} />
          <div class="c">
            <span class="sm muted">{words.left}</span>
            <span class="big">{t.today.face(face.minutes, face.seconds)}</span>
            <span class="sm muted">{words.of(timer.minutes)}</span>
          </div>
        </div>
        <Announcer left={left} />
        <p class="feel">{feeling(timer, left)}</p>
        <Note tone="clay" icon="alert">
          <p>
            <b>{words.burning}</b> {words.burningDo}
          </p>
          <Button class="clay small" onClick={() => void stopBurning(timer)}>
            {words.stop}
          </Button>
        </Note>
        {timer.paused_at === null && <RingNote timer={timer} />}
      </div>
      <TimerButtons timer={timer} />
    </>
  );
}

function TimerButtons({ timer }: { timer: MaskTimer }) {
  const paused = timer.paused_at !== null;
  return (
    <div class="dock solo clear">
      <div class="row">
        <Button
          class="line"
          icon={paused ? "play" : "pause"}
          onClick={() => void (paused ? resumeMask(timer) : pauseMask(timer))}
        >
          {paused ? words.resume : words.pause}
        </Button>
        <Button class="clay" onClick={() => void finishMask(timer).then(() => navigate("/", true))}>
          {words.rinse}
        </Button>
      </div>
    </div>
  );
}

function feeling(timer: MaskTimer, left: number): string {
  if (timer.paused_at !== null) return words.paused;
  const share = left / (timer.minutes * 60_000);
  if (share > 0.6) return words.begin;
  return share > 0.1 ? words.middle : words.end;
}

function RingNote({ timer }: { timer: MaskTimer }) {
  const [before, after] = words.lockable;
  if (!canRing() || !online.value) {
    return (
      <Note tone="watch" icon="bell">
        <p>{words.keepOpen}</p>
      </Note>
    );
  }
  return (
    <div class="card row">
      <Icon name="bell" />
      <p class="sm grow">
        {before}
        <b>{clockTime(timer.ends_at, language)}</b>
        {after}
      </p>
    </div>
  );
}

/** Tells screen readers at 10, 5 and 1 minutes, not each second. */
function Announcer({ left }: { left: number }) {
  const before = useRef(left);
  const said = useRef("");
  const minute = announceMinute(before.current, left);
  if (minute !== null) said.current = words.announce(minute);
  before.current = left;
  return (
    <p class="vh" role="status">
      {said.current}
    </p>
  );
}

function Gone() {
  return (
    <div class="grow col timer-body">
      <p class="feel">{words.gone}</p>
      <p class="center muted">{words.goneLead}</p>
      <Button class="sec" onClick={() => navigate("/", true)}>
        {t.tabs.today}
      </Button>
    </div>
  );
}
