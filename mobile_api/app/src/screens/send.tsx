import { useEffect, useState } from "preact/hooks";
import { edit, sendCheckIn } from "../actions/check_ins.ts";
import { readPhoto } from "../actions/photos.ts";
import { me } from "../actions/state.ts";
import { dropPhoto, tickOf, type CheckInForm } from "../lib/check_in_form.ts";
import type { CarePlan, Question } from "../lib/contract.ts";
import { navigate } from "../lib/router.ts";
import { checkInWords } from "../strings/check_in.ts";
import { Button, Dock, Heading, Link } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";
import { FullNote } from "./full_note.tsx";

interface SendProps {
  form: CheckInForm;
  plan: CarePlan;
  base: string;
}

/** Everything once more, each with Change, then one button. */
export function SendPage({ form, plan, base }: SendProps) {
  const name = me.value?.practitioner.name ?? "";
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    const id = await sendCheckIn();
    navigate(id ? `/check-in/${id}` : "/", true);
  };
  return (
    <>
      <Heading page={checkInWords.checkIn.send} title={checkInWords.checkIn.send} />
      <FullNote />
      <Answers form={form} plan={plan} base={base} />
      {form.photos.map((photo) => (
        <PhotoRow
          key={photo.id}
          photo={photo}
          plan={plan}
          to={`${base}/${form.pages.indexOf("photo") + 1}`}
        />
      ))}
      <NoteField name={name} note={form.note} />
      <Dock>
        <Button disabled={busy} onClick={() => void send()}>
          {checkInWords.checkIn.sendTo(name)}
        </Button>
      </Dock>
    </>
  );
}

function NoteField({ name, note }: { name: string; note: string }) {
  return (
    <div class="field">
      <label for="note">
        {checkInWords.checkIn.note(name)} <span class="muted light">{checkInWords.checkIn.optional}</span>
      </label>
      <textarea
        class="inp"
        id="note"
        rows={2}
        maxLength={2000}
        dir="auto"
        value={note}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          void edit((one) => ({ ...one, note: typed }));
        }}
      />
    </div>
  );
}

function Answers({ form, plan, base }: SendProps) {
  const page = (name: "asked" | "signs") => `${base}/${form.pages.indexOf(name) + 1}`;
  const ticked = form.signs
    .filter((sign) => form.ticks.includes(tickOf(sign)))
    .map((sign) => `${plan.questions[sign.question]?.text ?? ""} ${sign.label}`);
  const row = (id: string, to: string) => {
    const question = plan.questions[id]!;
    const value = answerText(question, form.answers[id]);
    return <Row key={id} term={question.text} value={value} to={to} isPlan />;
  };
  return (
    <div class="card flush">
      <dl>
        {form.asked.map((id) => row(id, page("asked")))}
        {form.more.map((id) => row(id, `${base}/more`))}
        {form.signs.length > 0 && (
          <Row
            term={checkInWords.checkIn.signsRow}
            value={ticked.join(". ") || checkInWords.checkIn.signsNone}
            to={page("signs")}
          />
        )}
      </dl>
    </div>
  );
}

function answerText(question: Question, value: string | number | undefined): string {
  if (value === undefined) return checkInWords.checkIn.noAnswer;
  return question.options?.find((option) => option.value === value)?.label ?? String(value);
}

function Row({ term, value, to, isPlan }: { term: string; value: string; to: string; isPlan?: boolean }) {
  return (
    <div class="sum">
      <dt>{isPlan ? <PlanWords>{term}</PlanWords> : term}</dt>
      <dd>{isPlan ? <PlanWords>{value}</PlanWords> : value}</dd>
      <dd class="a">
        <Link to={to}>
          {checkInWords.checkIn.change}
          <span class="vh"> {term}</span>
        </Link>
      </dd>
    </div>
  );
}

function PhotoRow({ photo, plan, to }: { photo: { id: string; view: string }; plan: CarePlan; to: string }) {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    void readPhoto(photo.id).then((blob) => {
      made = blob && URL.createObjectURL(blob);
      setSource(made);
    });
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [photo.id]);
  const label =
    plan.photo_protocol.views.find((view) => view.id === photo.view)?.label ?? checkInWords.checkIn.photo;
  const retake = async () => {
    await edit((one) => dropPhoto(one, photo.view));
    navigate(to);
  };
  return (
    <div class="card row photo-row">
      {source && <img class="thumb" src={source} alt={checkInWords.checkIn.photoAlt(label)} />}
      <div class="grow">
        <div class="b">
          <PlanWords>{label}</PlanWords>
        </div>
        <div class="sm muted">{checkInWords.checkIn.photoTaken}</div>
      </div>
      <button type="button" class="linklike" onClick={() => void retake()}>
        {checkInWords.checkIn.retake}
      </button>
    </div>
  );
}
