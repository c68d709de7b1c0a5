import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { stayAwake } from "../actions/alert.ts";
import { readPhoto } from "../actions/photos.ts";
import { dayZone, me, minute, plan, results, today } from "../actions/state.ts";
import { nameOf } from "../lib/areas.ts";
import type { Area } from "../lib/contract.ts";
import { localDate, longDate, whenText } from "../lib/dates.ts";
import { buildNurseCard, type CardCheckIn, type NurseCard, type Said } from "../lib/nurse_card.ts";
import { cardWords as words } from "../strings/card.ts";
import { checkInWords } from "../strings/check_in.ts";
import { language, t } from "../strings/index.ts";
import "../ui/card.css";
import { numbersOf } from "../ui/help.tsx";
import { CallButton, Phone, Top } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";

/** Full screen, for somebody else's eyes: what was done, when, what is on it, what the client sees. All from the phone. */
export function NurseCardScreen({ id }: { id: string }) {
  useEffect(stayAwake, []);
  const card = buildNurseCard(id, plan.value?.plans ?? [], results.value, minute.value);
  return (
    <Phone class="nurse">
      <Top page={words.page} title={card ? words.title : words.page} back="/" />
      <main class="scroll">{card ? <Card card={card} /> : <NotFound />}</main>
    </Phone>
  );
}

function Card({ card }: { card: NurseCard }) {
  const area = today.value?.areas.find((one) => one.care_plan_id === card.plan.care_plan_id);
  const { checkIn } = card;
  return (
    <>
      <p class="muted">{words.lead(me.value?.name ?? "")}</p>
      <Treatment card={card} area={area} />
      <section class="col g3">
        <h2>{words.answers}</h2>
        {checkIn ? <CheckIn checkIn={checkIn} /> : <p>{words.noAnswers}</p>}
      </section>
      {checkIn && checkIn.photos.length > 0 && <Photos card={card} checkIn={checkIn} />}
      <AtClinic card={card} />
      <Clinic />
      <p class="sm muted">
        {checkInWords.result.disclaimer} {checkInWords.result.emergencyLine(numbersOf(me.value).emergency)}
      </p>
    </>
  );
}

function Treatment({ card, area }: { card: NurseCard; area: Area | undefined }) {
  const { method, treatment, started, site } = card.plan;
  const date = longDate(localDate(Date.parse(started.ended_at), started.zone), language);
  return (
    <dl class="facts">
      <Fact term={words.treatment}>
        <b>
          <PlanWords>{method.name}</PlanWords>
        </b>
        {method.one_line && (
          <p>
            <PlanWords>{method.one_line}</PlanWords>
          </p>
        )}
      </Fact>
      <Fact term={words.place}>
        <b>{area ? nameOf(area) : site}</b>
      </Fact>
      <Fact term={words.when}>
        <b>{card.day === 0 ? words.whenToday(date) : words.whenText(date, card.day)}</b>
        {treatment && <p>{words.number(treatment.number)}</p>}
      </Fact>
      <Fact term={words.atHome}>
        <Lines lines={card.onSkin} none={words.atHomeNone} />
      </Fact>
    </dl>
  );
}

/** What was used there stands in the words of the plan. */
function AtClinic({ card }: { card: NurseCard }) {
  const steps = card.plan.treatment?.steps ?? [];
  if (steps.length === 0) return null;
  return (
    <section class="col g3">
      <h2>{words.atClinic}</h2>
      <ol class="facts plain">
        {steps.map((step) => (
          <li key={step.title}>
            <PlanWords>
              <b>{step.title}.</b> {step.what_happens}
            </PlanWords>
          </li>
        ))}
      </ol>
    </section>
  );
}

function CheckIn({ checkIn }: { checkIn: CardCheckIn }) {
  const at = new Date(checkIn.at).toISOString();
  const when = whenText(at, minute.value, me.value?.zone ?? dayZone.value, language, t.when);
  return (
    <>
      <p class="muted">{words.answered(when, checkIn.day)}</p>
      <dl class="facts">
        <Fact term={words.signs} grave={checkIn.signs.length > 0}>
          <Answers said={checkIn.signs} />
          {checkIn.signs.length === 0 && <p>{words.noSigns}</p>}
        </Fact>
        {checkIn.answers.length > 0 && (
          <Fact term={words.others}>
            <Answers said={checkIn.answers} />
          </Fact>
        )}
        {checkIn.note && (
          <Fact term={words.said}>
            <p dir="auto">“{checkIn.note}”</p>
          </Fact>
        )}
        {checkIn.advice.length > 0 && (
          <Fact term={words.told}>
            {checkIn.level && <b>{t.levels[checkIn.level](checkIn.day)}</b>}
            <Lines lines={checkIn.advice} none="" />
          </Fact>
        )}
      </dl>
      {checkIn.ruledOut.length > 0 && <RuledOut said={checkIn.ruledOut} />}
    </>
  );
}

/** Closed until asked for: read in passing, what is not there would look like what is. */
function RuledOut({ said }: { said: Said[] }) {
  return (
    <details class="facts ruled-out">
      <summary>{words.ruledOut}</summary>
      <ul>
        {said.flatMap((one) =>
          one.labels.map((label) => (
            <li key={`${one.question} ${label}`}>{words.notTicked(one.question, label)}</li>
          )),
        )}
      </ul>
    </details>
  );
}

interface FactProps {
  term: string;
  grave?: boolean;
  children: ComponentChildren;
}

function Fact({ term, grave = false, children }: FactProps) {
  return (
    <div class={grave ? "grave" : ""}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Answers({ said }: { said: Said[] }) {
  return (
    <ul>
      {said.map((one) => (
        <li key={one.question}>
          <span class="muted">
            <PlanWords>{one.question}</PlanWords>
          </span>{" "}
          <b>
            {one.number ? (
              words.outOf(one.number.value, one.number.most)
            ) : (
              <PlanWords>{one.labels.join("; ")}</PlanWords>
            )}
          </b>
        </li>
      ))}
    </ul>
  );
}

function Lines({ lines, none }: { lines: string[]; none: string }) {
  if (lines.length === 0) return <p>{none}</p>;
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          <PlanWords>{line}</PlanWords>
        </li>
      ))}
    </ul>
  );
}

function Photos({ card, checkIn }: { card: NurseCard; checkIn: CardCheckIn }) {
  return (
    <section class="col g3">
      <h2>{words.photo}</h2>
      {checkIn.photos.map((photo) => {
        const view = card.plan.photo_protocol.views.find((one) => one.id === photo.view)?.label ?? photo.view;
        return <CoveredPhoto key={photo.id} id={photo.id} alt={words.photoAlt(view, checkIn.day)} />;
      })}
    </section>
  );
}

/** Covered until tapped, where the client wants that: the phone may change hands in a waiting room. */
function CoveredPhoto({ id, alt }: { id: string; alt: string }) {
  const [covered, setCovered] = useState(me.value?.cover_photos ?? true);
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    if (covered) return;
    let made: string | null = null;
    void readPhoto(id).then((blob) => {
      made = blob && URL.createObjectURL(blob);
      setSource(made);
    });
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [id, covered]);
  if (covered) {
    return (
      <button type="button" class="covered" onClick={() => setCovered(false)}>
        {words.showPhoto}
        <span class="vh">: {alt}</span>
      </button>
    );
  }
  return source ? <img class="whole" src={source} alt={alt} /> : null;
}

function Clinic() {
  const studio = me.value?.studio;
  return (
    <section class="col g3">
      <h2>{words.clinic}</h2>
      <p>
        <b>{studio?.name}</b>
        {me.value && <span class="own-line">{me.value.practitioner.name}</span>}
      </p>
      {studio?.phone ? (
        <CallButton class="sec" number={studio.phone}>
          <bdi dir="ltr">{studio.phone}</bdi>
        </CallButton>
      ) : (
        <p class="muted">{words.clinicNoPhone}</p>
      )}
    </section>
  );
}

function NotFound() {
  return (
    <>
      <h2>{words.notFound}</h2>
      <p class="muted">{words.notFoundLead}</p>
      <Clinic />
    </>
  );
}
