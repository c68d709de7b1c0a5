import { useEffect, useState } from "preact/hooks";
import type { Lack } from "../actions/camera.ts";
import { openPlanned, openReport } from "../actions/check_in_opening.ts";
import * as checkIns from "../actions/check_ins.ts";
import { draft, me, plan, today } from "../actions/state.ts";
import { assessForm, type CheckInForm, type PageName } from "../lib/check_in_form.ts";
import { nameOf } from "../lib/areas.ts";
import type { CarePlan, Level } from "../lib/contract.ts";
import { isRed } from "../lib/rules.ts";
import { navigate } from "../lib/router.ts";
import { checkInWords } from "../strings/check_in.ts";
import { t } from "../strings/index.ts";
import { HelpCard } from "../ui/help.tsx";
import { Icon } from "../ui/icons.tsx";
import { lazy } from "../ui/lazy.tsx";
import { BackButton, Button, Heading, LoadingScreen, Phone, Steps } from "../ui/page.tsx";
import { NowScreen } from "./now.tsx";
import { PhotoPage, type CameraUse } from "./photo.tsx";
import { checkInTask, labelOf } from "./photo_task.ts";
import { MorePage, QuestionPage, SignsPage } from "./question_pages.tsx";
import { SendPage } from "./send.tsx";

const CameraScreen = lazy(() => import("./camera.tsx").then((part) => part.CameraScreen));

interface FlowProps {
  kind: "planned" | "report";
  page: string;
  carePlan?: string;
}

/** All pages of a check-in or problem report. Leaving it, by any way, sends what is red. */
export function CheckInFlow({ kind, page, carePlan }: FlowProps) {
  const opened = useOpening(kind, carePlan);
  useSendingOnLeaving();
  const form = draft.value;
  const carePlanOf = checkIns.draftPlan();
  if (opened === false) return <Lost />;
  if (opened === null || !form || !carePlanOf || form.kind !== kind) {
    return <LoadingScreen />;
  }
  return (
    <Page form={form} plan={carePlanOf} page={page} base={kind === "planned" ? "/check-in" : "/report"} />
  );
}

function useOpening(kind: FlowProps["kind"], carePlan?: string): boolean | null {
  const [opened, setOpened] = useState<boolean | null>(null);
  const known = plan.value !== null && today.value !== null;
  useEffect(() => {
    if (!known) return;
    const opening = kind === "planned" ? openPlanned() : openReport(carePlan || undefined);
    void opening.then(setOpened);
  }, [kind, known]);
  return opened;
}

function useSendingOnLeaving(): void {
  useEffect(() => {
    const leave = () => {
      if (document.visibilityState === "hidden") void checkIns.sendIfRed();
    };
    document.addEventListener("visibilitychange", leave);
    return () => {
      document.removeEventListener("visibilitychange", leave);
      void checkIns.sendIfRed();
    };
  }, []);
}

export interface PageProps {
  form: CheckInForm;
  plan: CarePlan;
  onNext: () => void;
}

function Page({ form, plan, page, base }: { form: CheckInForm; plan: CarePlan; page: string; base: string }) {
  const [settled, setSettled] = useState(false);
  const [camera, setCamera] = useState<CameraUse>("auto");
  const assessment = assessForm(form, plan);
  const advice = assessment.fired.map((rule) => rule.tell_client);
  useEffect(() => setSettled(false), [assessment.level === "now"]);
  const questions = form.pages.filter((name) => name === "asked" || name === "signs").length;
  const step = page === "more" ? questions : Math.min(Number(page), form.pages.length);
  const name: PageName | "more" = page === "more" ? "more" : form.pages[step - 1]!;
  const onNext = () => {
    const asksMore = step === questions && page !== "more" && nextHasMore();
    navigate(asksMore ? `${base}/more` : `${base}/${step + 1}`);
  };
  if (assessment.level === "now" && !settled) {
    return <NowScreen advice={advice} onBack={() => setSettled(true)} />;
  }
  const about = <AboutArea carePlan={plan.care_plan_id} />;
  const task = checkInTask(form);
  const titleOf = (view: string) => labelOf(plan, view);
  if (name === "photo" && camera === "open") {
    const onLeave = (why: Lack | "back" | "hidden") =>
      setCamera(why === "back" ? "closed" : why === "hidden" ? "auto" : why);
    return (
      <CameraScreen
        task={task}
        plan={plan}
        titleOf={titleOf}
        onNext={onNext}
        onLeave={onLeave}
        onClose={() => void close()}
      >
        {about}
      </CameraScreen>
    );
  }
  return (
    <Phone>
      <FlowTop step={step} of={form.pages.length} />
      <main class="scroll q">
        {about}
        {isRed(assessment.level) && <RedCard level={assessment.level} advice={advice} />}
        {name === "asked" && <QuestionPage form={form} plan={plan} onNext={onNext} />}
        {name === "signs" && <SignsPage form={form} plan={plan} onNext={onNext} />}
        {name === "more" && <MorePage form={form} plan={plan} onNext={onNext} />}
        {name === "photo" && (
          <PhotoPage
            task={task}
            how={plan.photo_protocol.how}
            titleOf={titleOf}
            onNext={onNext}
            camera={camera}
            onCamera={setCamera}
            onTapOnly={isRed(assessment.level)}
          />
        )}
        {name === "send" && <SendPage form={form} plan={plan} base={base} />}
      </main>
    </Phone>
  );
}

function FlowTop({ step, of }: { step: number; of: number }) {
  return (
    <header class="top">
      <BackButton fallback="/" />
      <Steps step={step} of={of} label={checkInWords.checkIn.step(step, of)} />
      <button
        type="button"
        class="icon-btn"
        aria-label={checkInWords.checkIn.saveClose}
        onClick={() => void close()}
      >
        <Icon name="cross" />
      </button>
    </header>
  );
}

/** Which area the questions are about, where there are several. */
function AboutArea({ carePlan }: { carePlan: string }) {
  const areas = today.value?.areas ?? [];
  const area = areas.find((one) => one.care_plan_id === carePlan);
  return areas.length > 1 && area ? <p class="pill pri about">{nameOf(area)}</p> : null;
}

function RedCard({ level, advice }: { level: Level; advice: string[] }) {
  return (
    <>
      <HelpCard level={level} advice={advice} me={me.value} onCall={() => void checkIns.sendIfRed()} />
      <p class="sm muted">{checkInWords.checkIn.sentOnLeaving}</p>
    </>
  );
}

function nextHasMore(): boolean {
  const form = draft.value;
  return !!form && form.more.length > 0;
}

/** × keeps the draft for the day; a red answer leads to its advice instead of to Today. */
async function close(): Promise<void> {
  const sent = await checkIns.sendIfRed();
  navigate(sent ? `/check-in/${sent}` : "/");
}

function Lost() {
  return (
    <Phone>
      <main class="scroll welcome">
        <Heading page={checkInWords.checkIn.page} title={checkInWords.checkIn.lost} />
        <p class="muted">{checkInWords.checkIn.lostLead}</p>
        <Button class="line" onClick={() => navigate("/report/1", true)}>
          {t.today.worried}
        </Button>
        <Button class="sec" onClick={() => navigate("/", true)}>
          {t.tabs.today}
        </Button>
      </main>
    </Phone>
  );
}
