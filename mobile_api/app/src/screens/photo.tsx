import { useEffect, useState } from "preact/hooks";
import { knowCamera, type Lack } from "../actions/camera.ts";
import { preparePhoto, type TakenPhoto } from "../actions/photos.ts";
import { cameraWords as words } from "../strings/camera.ts";
import { checkInWords } from "../strings/check_in.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, Dock, Heading, Note } from "../ui/page.tsx";
import { PlanWords } from "../ui/words.tsx";
import { PhotoReview } from "./photo_review.tsx";
import type { PhotoTask } from "./photo_task.ts";

/** `auto`: opens by itself where it was allowed before; `closed`: the person left it. */
export type CameraUse = "auto" | "open" | "closed" | Lack;

interface PhotoProps {
  task: PhotoTask;
  /** How to take it well, a line each. */
  how: string[];
  titleOf: (view: string) => string;
  onNext: () => void;
  camera: CameraUse;
  onCamera: (use: CameraUse) => void;
  /** Advice never waits behind a camera: then it opens on a tap alone. */
  onTapOnly: boolean;
}

/** One view after the other: how to take it, and the way to the camera or to a picture that is there already. */
export function PhotoPage(props: PhotoProps) {
  const { task, how, titleOf, onNext, camera, onCamera, onTapOnly } = props;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [review, setReview] = useState<{ view: string; taken: TakenPhoto } | null>(null);
  useOpening(camera, onCamera, onTapOnly);
  const view = review?.view ?? task.view;
  const title = titleOf(view);
  const { skip } = task;
  const goOn = () => {
    setReview(null);
    if (task.next() === null) onNext();
  };
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    input.value = "";
    if (!file) return;
    setBusy(true);
    const kept = await keepFile(task, view, file);
    setBusy(false);
    setProblem(typeof kept === "string" ? kept : null);
    if (typeof kept === "string") return;
    if (kept.hint) setReview({ view, taken: kept });
    else goOn();
  };
  const again = () => void task.retake(view).then(() => setReview(null));
  return (
    <>
      <Heading page={checkInWords.checkIn.photo} title={title} />
      {problem && (
        <p class="err" role="alert">
          {problem}
        </p>
      )}
      {review && <PhotoReview taken={review.taken} label={title} onKeep={goOn} onAgain={again} />}
      {!review && (
        <>
          {isLack(camera) && <LackNote lack={camera} onCamera={() => onCamera("open")} />}
          {how.length > 0 && <HowTo lines={how} />}
          <p class="sm muted">
            {checkInWords.checkIn.notInGallery} {isLack(camera) && words.mayStay}
          </p>
          <PhotoButtons
            busy={busy}
            camera={camera}
            onCamera={() => onCamera("open")}
            onPick={take}
            onSkip={skip && (() => void skip(view).then(goOn))}
          />
        </>
      )}
    </>
  );
}

function LackNote({ lack, onCamera }: { lack: Lack; onCamera: () => void }) {
  return (
    <Note icon="info">
      <p>{words.lack[lack]}</p>
      {(lack === "denied" || lack === "busy") && (
        <button type="button" class="linklike" onClick={onCamera}>
          {words.tryCamera}
        </button>
      )}
    </Note>
  );
}

const isLack = (camera: CameraUse): camera is Lack => camera in words.lack;

/** Looks once the page is seen what this phone's camera may do; never asks. */
function useOpening(camera: CameraUse, onCamera: (use: CameraUse) => void, onTapOnly: boolean): void {
  useEffect(() => {
    if (camera !== "auto") return;
    let left = false;
    const look = async () => {
      if (document.visibilityState === "hidden") return;
      const known = await knowCamera();
      if (left || known === "ask") return;
      if (known !== "allowed") onCamera(known);
      else if (!onTapOnly) onCamera("open");
    };
    const lookAgain = () => void look();
    document.addEventListener("visibilitychange", lookAgain);
    void look();
    return () => {
      left = true;
      document.removeEventListener("visibilitychange", lookAgain);
    };
  }, [camera, onTapOnly]);
}

interface PhotoButtonsProps {
  busy: boolean;
  camera: CameraUse;
  onCamera: () => void;
  onPick: (input: HTMLInputElement) => Promise<void>;
  onSkip: (() => void) | null;
}

function PhotoButtons({ busy, camera, onCamera, onPick, onSkip }: PhotoButtonsProps) {
  const take = busy ? checkInWords.checkIn.working : checkInWords.checkIn.take;
  return (
    <Dock>
      {isLack(camera) ? (
        <PictureInput class="btn" icon text={take} camera disabled={busy} onPick={onPick} />
      ) : (
        <Button icon="camera" disabled={busy} onClick={onCamera}>
          {take}
        </Button>
      )}
      <PictureInput class="btn sec" text={checkInWords.checkIn.pick} disabled={busy} onPick={onPick} />
      {onSkip && (
        <Button class="ghost" disabled={busy} onClick={onSkip}>
          {checkInWords.checkIn.skip}
        </Button>
      )}
    </Dock>
  );
}

function HowTo({ lines }: { lines: string[] }) {
  return (
    <section class="card">
      <h2 class="b">{checkInWords.checkIn.howTo}</h2>
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

/** The photo once it is safe on this phone, else what to do. */
async function keepFile(task: PhotoTask, view: string, file: File): Promise<TakenPhoto | string> {
  let taken: TakenPhoto;
  try {
    taken = await preparePhoto(file);
  } catch {
    return file.size === 0 ? checkInWords.checkIn.emptyPhoto : checkInWords.checkIn.badPhoto;
  }
  return keepPhoto(task, view, taken);
}

/** The photo once it is safe on this phone, else what to do. */
export async function keepPhoto(
  task: PhotoTask,
  view: string,
  taken: TakenPhoto,
): Promise<TakenPhoto | string> {
  try {
    await task.keep(view, taken);
    return taken;
  } catch {
    return checkInWords.checkIn.noRoom;
  }
}

interface PictureProps {
  text: string;
  class: string;
  icon?: boolean;
  camera?: boolean;
  disabled: boolean;
  onPick: (input: HTMLInputElement) => Promise<void>;
}

function PictureInput({ text, class: className, icon, camera, disabled, onPick }: PictureProps) {
  return (
    <label class={`${className} file`}>
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
