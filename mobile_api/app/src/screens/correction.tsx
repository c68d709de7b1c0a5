import { useEffect, useState } from "preact/hooks";
import { lookForCorrections, markCorrectionRead } from "../actions/correction_read.ts";
import { corrections, dayZone, me, minute, online, plan } from "../actions/state.ts";
import type { Correction } from "../lib/correction_contract.ts";
import { findNewWords, listUnread } from "../lib/correction_words.ts";
import { whenText } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { correctionWords as words } from "../strings/correction.ts";
import { language, t } from "../strings/index.ts";
import { Banner, Button, Dock, Link, Note, Phone, Skeleton, Top } from "../ui/page.tsx";
import { FullNote } from "./full_note.tsx";
import "../ui/correction.css";

/** What the clinic put right: what is right now, what was told before, and the person's word that they have read it. */
export function CorrectionScreen({ id }: { id: string }) {
  const one = corrections.value?.find((correction) => correction.id === id);
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (one) return;
    void lookForCorrections().then(() => setAsked(true));
  }, [id]);
  return (
    <Phone>
      <Top page={words.page} title={words.page} back="/" />
      <main class="scroll">
        {!online.value && <Banner icon="offline">{t.today.offline}</Banner>}
        <FullNote />
        {one ? <Told one={one} /> : asked ? <Unknown /> : <Skeleton />}
      </main>
      {one && <ReadDock one={one} />}
    </Phone>
  );
}

/** On Today: what the clinic put right, one card each until it was read. */
export function CorrectionCards() {
  return (
    <>
      {listUnread(corrections.value).map((one) => (
        <Note key={one.id} tone="watch" icon="edit">
          <h2 class="b">{words.card}</h2>
          <p dir="auto">{one.step?.title ?? words.wholePlan}</p>
          <div class="col">
            <Button class="sec h48" onClick={() => navigate(`/correction/${one.id}`)}>
              {words.open}
            </Button>
          </div>
        </Note>
      ))}
    </>
  );
}

function Told({ one }: { one: Correction }) {
  const carePlan = plan.value?.plans.find((other) => other.care_plan_id === one.care_plan_id);
  const inPlan = findNewWords(one, carePlan);
  const when = whenText(one.at, minute.value, dayZone.value, language, t.when);
  return (
    <>
      <div>
        <h2 dir="auto">{one.step?.title ?? words.wholePlan}</h2>
        <p class="sm muted">{words.from(one.by, when)}</p>
      </div>
      <Note tone="pri" icon="check">
        <h3 class="b">{words.right}</h3>
        <p class="own-words" dir="auto">
          {one.words}
        </p>
      </Note>
      {inPlan !== null && <Saying title={words.inPlan} text={inPlan} />}
      {one.step && <Saying title={words.told} text={one.step.instruction} />}
      <Link to="/messages" class="btn sec">
        {words.ask(me.value?.practitioner.name ?? "")}
      </Link>
    </>
  );
}

function Saying({ title, text }: { title: string; text: string }) {
  return (
    <section class="card col g2">
      <h3 class="b">{title}</h3>
      <p class="muted own-words" dir="auto">
        {text}
      </p>
    </section>
  );
}

/** Once it was read, the way back stands where the receipt was asked for. */
function ReadDock({ one }: { one: Correction }) {
  const back = () => navigate("/");
  return (
    <Dock>
      {one.read_at === null ? (
        <Button icon="check" onClick={() => void markCorrectionRead(one).then(back)}>
          {words.read}
        </Button>
      ) : (
        <>
          <p class="sm muted center">{words.wasRead}</p>
          <Button class="sec" onClick={back}>
            {words.toToday}
          </Button>
        </>
      )}
    </Dock>
  );
}

function Unknown() {
  return (
    <section class="card col g2">
      <h2 class="b">{online.value ? words.gone : words.none}</h2>
      {!online.value && <p class="muted">{words.noneLead}</p>}
    </section>
  );
}
