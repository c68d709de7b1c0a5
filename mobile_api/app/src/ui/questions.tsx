import type { AnswerValue, Question, WarningSign } from "../lib/contract.ts";
import { useEffect, useRef } from "preact/hooks";
import { tickOf } from "../lib/check_in_form.ts";
import { checkInWords } from "../strings/check_in.ts";
import { PlanWords } from "./words.tsx";

interface QuestionProps {
  question: Question;
  value: AnswerValue | undefined;
  missing?: boolean;
  onAnswer: (value: AnswerValue) => void;
}

/** One question as a real group of radio buttons: a number as a row of eleven, a scale as tiles, a choice as a list. */
export function QuestionField({ question, value, missing, onAnswer }: QuestionProps) {
  const error = `e-${question.id}`;
  const help = `h-${question.id}`;
  return (
    <fieldset
      class={`sign ${missing ? "bad" : ""}`}
      id={`q-${question.id}`}
      aria-describedby={[question.help && help, missing && error].filter(Boolean).join(" ") || undefined}
    >
      <legend>
        <span class="b">
          <PlanWords>{question.text}</PlanWords>
        </span>
        {question.help && (
          <span class="h" id={help}>
            <PlanWords>{question.help}</PlanWords>
          </span>
        )}
        {missing && (
          <span class="err" id={error}>
            <span class="vh">{checkInWords.checkIn.error}</span>
            {checkInWords.checkIn.chooseHere}
          </span>
        )}
      </legend>
      <Options question={question} value={value} onAnswer={onAnswer} />
    </fieldset>
  );
}

type OptionsProps = Pick<QuestionProps, "question" | "value" | "onAnswer">;

function Options(props: OptionsProps) {
  if (props.question.type === "number") return <NumberRow {...props} />;
  return props.question.type === "scale" ? <ScaleTiles {...props} /> : <ChoiceList {...props} />;
}

interface RadioProps extends OptionsProps {
  option: AnswerValue;
  class?: string;
}

function Radio({ question, value, onAnswer, option, class: className }: RadioProps) {
  return (
    <input
      type="radio"
      class={className}
      name={question.id}
      value={option}
      checked={value === option}
      onChange={() => onAnswer(option)}
    />
  );
}

function NumberRow(props: OptionsProps) {
  const min = props.question.min ?? 0;
  const max = props.question.max ?? 10;
  return (
    <div class="seg eleven">
      {Array.from({ length: max - min + 1 }, (_, i) => min + i).map((number) => (
        <label key={number}>
          <Radio {...props} option={number} />
          <span class="num">{number}</span>
        </label>
      ))}
    </div>
  );
}

function ScaleTiles(props: OptionsProps) {
  const options = props.question.options ?? [];
  return (
    <div class={`seg ${options.length > 4 ? "many" : ""}`}>
      {options.map((option, i) => (
        <label key={option.value}>
          <Radio {...props} option={option.value} />
          {options.length === 4 && <LevelBars level={i} />}
          <span>
            <PlanWords>{option.label}</PlanWords>
          </span>
        </label>
      ))}
    </div>
  );
}

function ChoiceList(props: OptionsProps) {
  return (
    <div class="card flush">
      {(props.question.options ?? []).map((option) => (
        <label key={option.value} class="pick">
          <Radio {...props} option={option.value} class="box round" />
          <span>
            <PlanWords>{option.label}</PlanWords>
          </span>
        </label>
      ))}
    </div>
  );
}

function LevelBars({ level }: { level: number }) {
  return (
    <span class="lv" aria-hidden="true">
      {[0, 1, 2].map((bar) => (
        <i key={bar} class={bar < level ? "on" : ""} />
      ))}
    </span>
  );
}

interface SignsProps {
  signs: WarningSign[];
  questions: Record<string, Question>;
  ticks: string[];
  onToggle: (sign: WarningSign) => void;
}

/** Warning signs under the question they answer: "No" alone would say nothing. */
export function SignList({ signs, questions, ticks, onToggle }: SignsProps) {
  const asked = [...new Set(signs.map((sign) => sign.question))];
  return (
    <div class="card flush">
      {asked.map((id) => (
        <fieldset key={id} class="sign group">
          <legend>
            {questions[id] ? <PlanWords>{questions[id].text}</PlanWords> : checkInWords.checkIn.signs}
          </legend>
          {signs
            .filter((sign) => sign.question === id)
            .map((sign) => (
              <label key={tickOf(sign)} class="pick">
                <input
                  type="checkbox"
                  class="box"
                  checked={ticks.includes(tickOf(sign))}
                  onChange={() => onToggle(sign)}
                />
                <span>
                  <PlanWords>{sign.label}</PlanWords>
                </span>
              </label>
            ))}
        </fieldset>
      ))}
    </div>
  );
}

export interface Fault {
  field: string;
  text: string;
}

/** What is missing, on top of the page; each line leads to its question. Takes the focus at each `attempt`. */
export function ErrorSummary({ faults, attempt }: { faults: Fault[]; attempt: number }) {
  const summary = useRef<HTMLElement>(null);
  useEffect(() => summary.current?.focus(), [attempt]);
  const jump = (event: MouseEvent, field: string) => {
    event.preventDefault();
    const fieldset = document.getElementById(field);
    fieldset?.scrollIntoView({ block: "center" });
    fieldset?.querySelector("input")?.focus({ preventScroll: true });
  };
  return (
    <section class="errsum" role="alert" tabIndex={-1} ref={summary}>
      <h2>{checkInWords.checkIn.problem}</h2>
      <ul>
        {faults.map((fault) => (
          <li key={fault.field}>
            <a href={`#${fault.field}`} onClick={(event) => jump(event, fault.field)}>
              {fault.text}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
