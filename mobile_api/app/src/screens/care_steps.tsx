import { findTimer, openTimer, startMask, tickStep } from "../actions/steps.ts";
import { minute, placeOf, savedSteps } from "../actions/state.ts";
import { listMoments, nameOf, type AreaStep, type Moment } from "../lib/areas.ts";
import type { Area, StepItem } from "../lib/contract.ts";
import { wallTime } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { clockFace, timeLeft } from "../lib/timer.ts";
import { language, t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";
import { PlanWords } from "../ui/words.tsx";

const DAY = 24 * 3_600_000;

/** What there is to do, ticked by a tap and unticked by another: one list over all areas, by moment. */
export function CareSteps({ areas }: { areas: Area[] }) {
  const moments = listMoments(areas);
  const steps = moments.flatMap((moment) => moment.steps);
  const done = steps.filter(({ step }) => step.state === "done").length;
  const waiting = areas.flatMap((area) =>
    area.waiting.map((step) => ({ ...step, area: areas.length > 1 ? nameOf(area) : "" })),
  );
  return (
    <section>
      <h2 class="sec-h">
        {t.today.care}
        {steps.length > 0 && <span class="xs muted">{t.today.doneOf(done, steps.length)}</span>}
      </h2>
      <ul class="card flush tasks">
        {moments.map((moment) => (
          <MomentSteps key={moment.local} moment={moment} />
        ))}
        {waiting.map((step) => (
          <li key={`${step.area} ${step.id}`} class="wait">
            <Icon name="clock" />
            <div class="grow">
              <span class="t">
                <PlanWords>{step.title}</PlanWords> <AreaName name={step.area} />
              </span>
              <span class="d">{t.today.waiting}</span>
            </div>
          </li>
        ))}
        {steps.length + waiting.length === 0 && <li class="muted">{t.today.noSteps}</li>}
      </ul>
    </section>
  );
}

function MomentSteps({ moment }: { moment: Moment }) {
  return (
    <>
      {moment.local && <li class="moment">{t.today.aroundTime(wallTime(moment.local, language))}</li>}
      {moment.steps.map((one) => (
        <Step key={`${one.care_plan_id} ${one.step.key}`} one={one} />
      ))}
    </>
  );
}

function Step({ one }: { one: AreaStep }) {
  const { step, care_plan_id } = one;
  const id = `step-${care_plan_id}-${step.key}`;
  const done = step.state === "done";
  const saved = savedSteps.value.has(placeOf({ care_plan_id, occurrence: step.key }));
  return (
    <li class={[done && "done", step.instruction.length > 60 && "wide"].filter(Boolean).join(" ")}>
      <input
        class="tick"
        type="checkbox"
        id={id}
        checked={done}
        onChange={() => void tickStep(care_plan_id, step)}
      />
      <div class="grow">
        <label for={id}>
          <span class="t">
            <PlanWords>{step.title}</PlanWords> <AreaName name={one.area} />
          </span>
          <span class="d">
            <Description one={one} />
          </span>
        </label>
        {saved && <span class="d saved">{t.today.savedHere}</span>}
      </div>
      {step.timer && !done && <MaskButton step={step} carePlan={care_plan_id} />}
    </li>
  );
}

/** Which area it is for; nothing where there is one area only. */
export function AreaName({ name }: { name: string }) {
  return name ? <span class="pill plain">{name}</span> : null;
}

function Description({ one: { step, area } }: { one: AreaStep }) {
  if (step.state === "missed") return <>{t.today.missed}</>;
  const isSlot = Date.parse(step.closes_at) - Date.parse(step.opens_at) <= DAY;
  const saysTime = !area && isSlot && step.state !== "done"; // with several areas its moment says it
  const time = saysTime ? t.today.around(wallTime(step.local, language)) : "";
  return (
    <>
      {time} <PlanWords>{step.instruction}</PlanWords>
    </>
  );
}

function MaskButton({ step, carePlan }: { step: StepItem; carePlan: string }) {
  const open = async (timer: { id: string } | null) => timer && navigate(`/timer/${timer.id}`);
  if (step.state === "started") {
    return (
      <button type="button" class="btn clay small" onClick={() => void openTimer(carePlan, step).then(open)}>
        {runningText(step, carePlan)}
      </button>
    );
  }
  if (step.state === "missed" || step.state === "declined") return null;
  return (
    <button type="button" class="btn clay small" onClick={() => void startMask(carePlan, step).then(open)}>
      <Icon name="play" small />
      {t.today.start}
    </button>
  );
}

function runningText(step: StepItem, carePlan: string): string {
  const own = findTimer(carePlan, step.key);
  if (own?.paused_at) return t.today.paused;
  const left = own ? timeLeft(own, minute.value) : Date.parse(step.ends_at ?? "") - minute.value;
  const face = clockFace(left || 0);
  return t.today.running(t.today.face(face.minutes, face.seconds));
}
