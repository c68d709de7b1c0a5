import { changeStepTimes } from "../actions/step_times.ts";
import type { Saved } from "../actions/settings.ts";
import { minute, plan } from "../actions/state.ts";
import { wallTime } from "../lib/dates.ts";
import { listTimedSteps, moveTime, type TimedStep } from "../lib/step_times.ts";
import { displayWords as words } from "../strings/display.ts";
import { language } from "../strings/index.ts";
import { TimeField } from "../ui/fields.tsx";
import { PlanWords } from "../ui/words.tsx";

interface TimesProps {
  onSaved: (saved: Saved) => void;
}

/** When each care step reminds; the person's own times stay for all days of the plan. */
export function StepTimes({ onSaved }: TimesProps) {
  return (
    <>
      {listTimedSteps(plan.value, minute.value).map((step) => (
        <StepRow key={`${step.care_plan_id} ${step.id}`} step={step} onSaved={onSaved} />
      ))}
    </>
  );
}

function StepRow({ step, onSaved }: TimesProps & { step: TimedStep }) {
  const move = async (index: number, to: string) => {
    const times = moveTime(step.times, index, to);
    onSaved(times ? await changeStepTimes({ ...step, times }) : "refused");
  };
  const title = <PlanWords>{step.title}</PlanWords>;
  const [only, ...more] = step.times;
  if (only && more.length === 0)
    return <TimeField label={title} value={only} onChange={(to) => void move(0, to)} />;
  return (
    <details class="li more">
      <summary>
        <span class="grow">
          <span class="b">{title}</span>
          <span class="sm muted own-line light">
            {words.times(step.times.map((time) => wallTime(time, language)))}
          </span>
        </span>
      </summary>
      {step.times.map((time, i) => (
        <TimeField
          key={i}
          label={words.timeOf(i + 1, step.times.length)}
          value={time}
          onChange={(to) => void move(i, to)}
        />
      ))}
    </details>
  );
}
