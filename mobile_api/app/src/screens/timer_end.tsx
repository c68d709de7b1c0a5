import { useState } from "preact/hooks";
import { answerMask, burningAdvice, maskQuestion } from "../actions/steps.ts";
import { burningTold, me, placeOf } from "../actions/state.ts";
import { navigate } from "../lib/router.ts";
import { levelOf } from "../lib/rules.ts";
import type { MaskTimer } from "../lib/timer.ts";
import { t } from "../strings/index.ts";
import { timerWords as words } from "../strings/timer.ts";
import { HelpCard } from "../ui/help.tsx";
import { Button, Link, Note } from "../ui/page.tsx";
import { QuestionField } from "../ui/questions.tsx";
import { PlanWords } from "../ui/words.tsx";

/** At the end: rinse, and the one question that follows every mask. */
export function MaskOver({ timer }: { timer: MaskTimer }) {
  const [answer, setAnswer] = useState<string | number | undefined>();
  const question = maskQuestion(timer.care_plan_id);
  const done = async () => {
    if (answer !== undefined) await answerMask(timer, answer);
    navigate("/", true);
  };
  return (
    <>
      <div class="grow col timer-body" role="status">
        <p class="feel grand">{words.over}</p>
        <p class="center muted">{words.overLead}</p>
        {question && <QuestionField question={question} value={answer} onAnswer={setAnswer} />}
      </div>
      <div class="dock solo clear">
        <Button class="clay" onClick={() => void done()}>
          {t.done}
        </Button>
      </div>
    </>
  );
}

/** It burned: what to do stands first, then what the plan says, then who was told. */
export function BurningAdvice({ timer }: { timer: MaskTimer }) {
  const rules = burningAdvice(timer.care_plan_id);
  const level = rules[0] ? levelOf(rules[0]) : "watch";
  const told = burningTold.value.has(placeOf(timer));
  const advice = rules.map((rule) => rule.tell_client);
  const red = level === "today" || level === "now";
  return (
    <>
      <div class="grow col timer-body" role="alert">
        <p class="feel grand">{words.stopped}</p>
        <p class="center">{words.stoppedDo}</p>
        {red && <HelpCard level={level} advice={advice} me={me.value} />}
        {!red && advice.length > 0 && (
          <div class="card">
            {advice.map((text) => (
              <p key={text}>
                <PlanWords>{text}</PlanWords>
              </p>
            ))}
          </div>
        )}
        <Note tone={told ? "" : "watch"} icon={told ? "send" : "alert"}>
          <p>
            {told ? words.stoppedTold(me.value?.practitioner.name ?? "") : words.stoppedSaved}{" "}
            <Link to="/help">{words.getHelp}</Link>
          </p>
        </Note>
      </div>
      <div class="dock solo clear">
        <Button class="sec" onClick={() => navigate("/", true)}>
          {t.done}
        </Button>
      </div>
    </>
  );
}
