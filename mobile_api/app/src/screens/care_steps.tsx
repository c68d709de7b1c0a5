import { openTimer, findTimer, startMask, tickStep } from "../actions/steps.ts";
import { minute, savedSteps } from "../actions/state.ts";
import type { Area, StepItem } from "../lib/contract.ts";
import { wallTime } from "../lib/dates.ts";
import { navigate } from "../lib/router.ts";
import { clockFace, timeLeft } from "../lib/timer.ts";
import { language, t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";

const DAY = 24 * 3_600_000;

/** Two to four things to do, each ticked by a tap and unticked by another. */
export function CareSteps({ area }: { area: Area }) {
  const done = area.steps.filter((step) => step.state === "done").length;
  return (
    <section>
      <h2 class="sec-h">
        {t.today.care}
        {area.steps.length > 0 && <span class="xs muted">{t.today.doneOf(done, area.steps.length)}</span>}
      </h2>
      <ul class="card flush tasks">
        {area.steps.map((step) => (
          <Step key={step.key} step={step} carePlan={area.care_plan_id} />
        ))}
        {area.waiting.map((step) => (
          <li key={step.id} class="wait">
            <Icon name="clock" />
            <div class="grow">
              <span class="t">{step.title}</span>
              <span class="d">{t.today.waiting}</span>
            </div>
          </li>
        ))}
        {area.steps.length + area.waiting.length === 0 && <li class="muted">{t.today.noSteps}</li>}
      </ul>
    </section>
  );
}

function Step({ step, carePlan }: { step: StepItem; carePlan: string }) {
  const id = `step-${step.key}`;
  const done = step.state === "done";
  return (
    <li class={[done && "done", step.instruction.length > 60 && "wide"].filter(Boolean).join(" ")}>
      <input
        class="tick"
        type="checkbox"
        id={id}
        checked={done}
        onChange={() => void tickStep(carePlan, step)}
      />
      <div class="grow">
        <label for={id}>
          <span class="t">{step.title}</span>
          <span class="d">{describe(step)}</span>
        </label>
        {savedSteps.value.has(step.key) && <span class="d saved">{t.today.savedHere}</span>}
      </div>
      {step.timer && !done && <MaskButton step={step} carePlan={carePlan} />}
    </li>
  );
}

function describe(step: StepItem): string {
  if (step.state === "missed") return t.today.missed;
  const isSlot = Date.parse(step.closes_at) - Date.parse(step.opens_at) <= DAY;
  const time = isSlot && step.state !== "done" ? t.today.around(wallTime(step.local, language)) : "";
  return [time, step.instruction].filter(Boolean).join(" ");
}

function MaskButton({ step, carePlan }: { step: StepItem; carePlan: string }) {
  const open = async (timer: { id: string } | null) => timer && navigate(`/timer/${timer.id}`);
  if (step.state === "started") {
    return (
      <button type="button" class="btn clay small" onClick={() => void openTimer(carePlan, step).then(open)}>
        {runningText(step)}
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

function runningText(step: StepItem): string {
  const own = findTimer(step.key);
  if (own?.paused_at) return t.today.paused;
  const left = own ? timeLeft(own, minute.value) : Date.parse(step.ends_at ?? "") - minute.value;
  const face = clockFace(left || 0);
  return t.today.running(t.timer.face(face.minutes, face.seconds));
}
