import { useEffect, useState } from "preact/hooks";
import { edit } from "../actions/check_ins.ts";
import { addFollowUps, confirmSigns, missing, setAnswer, toggleTick } from "../lib/check_in_form.ts";
import type { AnswerValue, CarePlan } from "../lib/contract.ts";
import { checkInWords } from "../strings/check_in.ts";
import { t } from "../strings/index.ts";
import { Button, Dock, Heading } from "../ui/page.tsx";
import { ErrorSummary, QuestionField, SignList } from "../ui/questions.tsx";
import type { PageProps } from "./check_in.tsx";

export function QuestionPage(props: PageProps) {
  const title = props.form.kind === "report" ? checkInWords.checkIn.askedReport : checkInWords.checkIn.asked;
  return <Questions {...props} which="asked" title={title} />;
}

export function MorePage(props: PageProps) {
  return <Questions {...props} which="more" title={checkInWords.checkIn.more} />;
}

/** Nothing is chosen to begin with. Leaving questions open says so on top and at each of them. */
function Questions({
  form,
  plan,
  onNext,
  which,
  title,
}: PageProps & { which: "asked" | "more"; title: string }) {
  const [attempt, setAttempt] = useState(0);
  const open = attempt > 0 ? missing(form, which) : [];
  const page = pageTitle(form.kind);
  useErrorTitle(page, open.length > 0);
  const goOn = async () => {
    if (which === "more" || form.pages.indexOf("asked") > form.pages.indexOf("signs"))
      await edit(addFollowUps);
    if (missing(form, which).length > 0) setAttempt(attempt + 1);
    else onNext();
  };
  return (
    <>
      {open.length > 0 && <Faults attempt={attempt} open={open} plan={plan} />}
      <Heading page={page} title={title} />
      {form[which].map((id) => (
        <QuestionField
          key={id}
          question={plan.questions[id]!}
          value={form.answers[id]}
          missing={open.includes(id)}
          onAnswer={(value) => void answer(which, id, value)}
        />
      ))}
      <Dock>
        <Button onClick={() => void goOn()}>{checkInWords.checkIn.continue}</Button>
      </Dock>
    </>
  );
}

function Faults({ attempt, open, plan }: { attempt: number; open: string[]; plan: CarePlan }) {
  const faults = open.map((id) => ({
    field: `q-${id}`,
    text: checkInWords.checkIn.chooseOne(plan.questions[id]!.text),
  }));
  return <ErrorSummary attempt={attempt} faults={faults} />;
}

/** A title that starts with "Error:" tells at once that the page did not go on. */
function useErrorTitle(page: string, failed: boolean): void {
  useEffect(() => {
    document.title = t.title(failed ? t.errorTitle(page) : page);
  }, [failed]);
}

function answer(which: "asked" | "more", id: string, value: AnswerValue): Promise<void> {
  return edit((form, plan) => {
    const answered = setAnswer(form, id, value);
    return which === "more" ? addFollowUps(answered, plan) : answered;
  });
}

function pageTitle(kind: "planned" | "report"): string {
  return kind === "report" ? checkInWords.checkIn.reportPage : checkInWords.checkIn.page;
}

/** The warning signs of this day. The button says what leaving the page means. */
export function SignsPage({ form, plan, onNext }: PageProps) {
  const goOn = async () => {
    await edit((one) => addFollowUps(confirmSigns(one), plan));
    onNext();
  };
  return (
    <>
      <div class="col g2">
        <Heading page={pageTitle(form.kind)} title={checkInWords.checkIn.signs} />
        <p class="muted">{checkInWords.checkIn.signsLead}</p>
      </div>
      <SignList
        signs={form.signs}
        questions={plan.questions}
        ticks={form.ticks}
        onToggle={(sign) => void edit((one) => toggleTick(one, sign))}
      />
      <Dock>
        <Button onClick={() => void goOn()}>
          {form.ticks.length > 0 ? checkInWords.checkIn.continue : checkInWords.checkIn.none}
        </Button>
      </Dock>
    </>
  );
}
