import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { stayAwake } from "../actions/alert.ts";
import { ghostStrength, type Lack } from "../actions/camera.ts";
import { findLastPhoto } from "../actions/photos.ts";
import type { CarePlan } from "../lib/contract.ts";
import { cameraWords as words } from "../strings/camera.ts";
import { checkInWords } from "../strings/check_in.ts";
import { t } from "../strings/index.ts";
import "../ui/camera.css";
import { Icon } from "../ui/icons.tsx";
import { Outline } from "../ui/outline.tsx";
import { Heading, Phone } from "../ui/page.tsx";
import { useBlobPicture } from "./blob_picture.ts";
import { CameraControls } from "./camera_controls.tsx";
import { useGuide, useLiveCamera } from "./camera_live.ts";
import { useShot } from "./camera_shot.ts";
import { PhotoReview } from "./photo_review.tsx";
import type { PhotoTask } from "./photo_task.ts";

interface CameraProps {
  task: PhotoTask;
  plan: CarePlan;
  /** Of the view in hand. */
  titleOf: (view: string) => string;
  onNext: () => void;
  onLeave: (why: Lack | "back" | "hidden") => void;
  onClose: () => void;
  /** Which area it is about, where there are several. */
  children?: ComponentChildren;
}

/** The live camera, view after view. Each photo is kept on this phone as it is taken; the camera stays on until left. */
export function CameraScreen({ task, plan, titleOf, onNext, onLeave, onClose, children }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const shot = useShot(task, video, onNext);
  const { step, view } = shot;
  const ready = useLiveCamera(video, onLeave);
  const ghost = useBlobPicture(() => findLastPhoto(plan.care_plan_id, view), [plan.care_plan_id, view]);
  const guidance = useGuide(video, view, ready && step.is === "live");
  useEffect(stayAwake, []);
  useEffect(() => {
    if (guidance) shot.tell(words.guide[guidance], true);
  }, [guidance]);
  const label = titleOf(view);
  return (
    <Phone class="cam">
      <CameraTop label={label} onBack={() => onLeave("back")} onClose={onClose} />
      <main>
        {children}
        {step.is === "review" && (
          <PhotoReview taken={step.taken} label={label} onKeep={shot.goOn} onAgain={shot.again} />
        )}
        <div class="view" hidden={step.is === "review"}>
          <video ref={video} aria-label={words.live} autoplay muted playsInline />
          {ghost && <Ghost source={ghost} />}
          <Outline site={plan.site} view={view} />
          <p class="said" role="status">
            <span>{ready ? shot.news || firstWords(ghost) : words.opening}</span>
          </p>
        </div>
        {step.is !== "review" && <CameraControls shot={shot} ready={ready} hasGhost={ghost !== null} />}
      </main>
    </Phone>
  );
}

const firstWords = (ghost: string | null) => (ghost ? words.lineUp : words.level);

interface TopProps {
  label: string;
  onBack: () => void;
  onClose: () => void;
}

function CameraTop({ label, onBack, onClose }: TopProps) {
  return (
    <header class="top">
      <button type="button" class="icon-btn back" aria-label={t.back} onClick={onBack}>
        <Icon name="back" flip />
      </button>
      <Heading page={checkInWords.checkIn.photo} title={label} />
      <button type="button" class="icon-btn" aria-label={checkInWords.checkIn.saveClose} onClick={onClose}>
        <Icon name="cross" />
      </button>
    </header>
  );
}

/** The last photo of this view over the live picture, as strong as the person wants it. */
function Ghost({ source }: { source: string }) {
  return (
    <svg class="ghost" aria-hidden="true">
      <image
        href={source}
        width="100%"
        height="100%"
        preserveAspectRatio="xMidYMid slice"
        opacity={ghostStrength.value / 100}
      />
    </svg>
  );
}
