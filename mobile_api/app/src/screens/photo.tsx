import { useState } from "preact/hooks";
import { edit } from "../actions/check_ins.ts";
import { preparePhoto, takePhoto, type TakenPhoto } from "../actions/photos.ts";
import { draft } from "../actions/state.ts";
import { nextView } from "../lib/check_in_form.ts";
import { t } from "../strings/index.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, Dock, Heading } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";
import type { PageProps } from "./check_in.tsx";

/** One view after the other, with the phone's own camera or a picture that is there already. */
export function PhotoPage({ form, plan, onNext }: PageProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const view = nextView(form) ?? form.views[form.views.length - 1]!;
  const label = plan.photo_protocol.views.find((one) => one.id === view)?.label ?? t.checkIn.photo;
  const goOn = () => {
    if (draft.value && nextView(draft.value) === null) onNext();
  };
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    setBusy(true);
    setProblem(await keepPhoto(view, file));
    setBusy(false);
    goOn();
  };
  const skip = async () => {
    await edit((one) => ({ ...one, skippedViews: [...one.skippedViews, view] }));
    goOn();
  };
  return (
    <>
      <Heading page={t.checkIn.photo} title={label} />
      {problem && (
        <p class="err" role="alert">
          {problem}
        </p>
      )}
      <HowTo lines={plan.photo_protocol.how} />
      <p class="sm muted">{t.checkIn.notInGallery}</p>
      <PhotoButtons busy={busy} onPick={take} onSkip={() => void skip()} />
    </>
  );
}

interface PhotoButtonsProps {
  busy: boolean;
  onPick: (input: HTMLInputElement) => Promise<void>;
  onSkip: () => void;
}

function PhotoButtons({ busy, onPick, onSkip }: PhotoButtonsProps) {
  return (
    <Dock>
      <PictureInput
        icon
        text={busy ? t.checkIn.working : t.checkIn.take}
        camera
        disabled={busy}
        onPick={onPick}
      />
      <PictureInput class="sec" text={t.checkIn.pick} disabled={busy} onPick={onPick} />
      <Button class="ghost" disabled={busy} onClick={onSkip}>
        {t.checkIn.skip}
      </Button>
    </Dock>
  );
}

function HowTo({ lines }: { lines: string[] }) {
  return (
    <section class="card">
      <h2 class="b">{t.checkIn.howTo}</h2>
      <ul class="dotted">
        {lines.map((line) => (
          <li key={line}>
            <PlanWords>{line}</PlanWords>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Null when the photo is safe on this phone, else what to do. */
async function keepPhoto(view: string, file: File): Promise<string | null> {
  let taken: TakenPhoto;
  try {
    taken = await preparePhoto(file);
  } catch {
    return file.size === 0 ? t.checkIn.emptyPhoto : t.checkIn.badPhoto;
  }
  try {
    await takePhoto(view, taken);
    return null;
  } catch {
    return t.checkIn.noRoom;
  }
}

interface PictureProps {
  text: string;
  class?: string;
  icon?: boolean;
  camera?: boolean;
  disabled: boolean;
  onPick: (input: HTMLInputElement) => Promise<void>;
}

function PictureInput({ text, class: className = "", icon, camera, disabled, onPick }: PictureProps) {
  return (
    <label class={`btn file ${className}`}>
      {icon && <Icon name="camera" />}
      {text}
      <input
        class="vh"
        type="file"
        accept="image/*"
        disabled={disabled}
        {...(camera ? { capture: "environment" } : {})}
        onChange={(event) => void onPick(event.currentTarget)}
      />
    </label>
  );
}
