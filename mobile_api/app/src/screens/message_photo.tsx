import { useState } from "preact/hooks";
import type { Lack } from "../actions/camera.ts";
import { mayTakePhotos } from "../actions/photos.ts";
import { consentVersion } from "../actions/enrolment.ts";
import { changeSettings, type Saved } from "../actions/settings.ts";
import { me, planOf } from "../actions/state.ts";
import { goBack } from "../lib/router.ts";
import { photoWords as words } from "../strings/message_photo.ts";
import { checkInWords } from "../strings/check_in.ts";
import { startWords } from "../strings/start.ts";
import { t } from "../strings/index.ts";
import { Switch } from "../ui/fields.tsx";
import { BackButton, Heading, Note, Phone, Skeleton } from "../ui/page.tsx";
import { CameraScreen } from "./camera.tsx";
import { PhotoPage, type CameraUse } from "./photo.tsx";
import { messageTask } from "./photo_task.ts";

const THREAD = "/messages";
const toThread = () => goBack(THREAD);

/** One photo for the message in hand: by the live camera, or a picture that is there already. */
export function MessagePhotoScreen() {
  const [camera, setCamera] = useState<CameraUse>("auto");
  const plan = planOf(null);
  const may = mayTakePhotos();
  const titleOf = () => words.title(me.value?.practitioner.name ?? "");
  if (plan && may && camera === "open") {
    const onLeave = (why: Lack | "back" | "hidden") =>
      setCamera(why === "back" ? "closed" : why === "hidden" ? "auto" : why);
    return (
      <CameraScreen
        task={messageTask}
        plan={plan}
        titleOf={titleOf}
        onNext={toThread}
        onLeave={onLeave}
        onClose={toThread}
      />
    );
  }
  return (
    <Phone>
      <header class="top">
        <BackButton fallback={THREAD} />
      </header>
      <main class="scroll q">
        {!plan && <Skeleton />}
        {plan && !may && <PhotosOff title={titleOf()} />}
        {plan && may && (
          <PhotoPage
            task={messageTask}
            how={[]}
            titleOf={titleOf}
            onNext={toThread}
            camera={camera}
            onCamera={setCamera}
            onTapOnly={false}
          />
        )}
      </main>
    </Phone>
  );
}

/** Photos are shared by a choice of one's own, which can be made here. */
function PhotosOff({ title }: { title: string }) {
  const [saved, setSaved] = useState<Saved | null>(null);
  const name = me.value?.practitioner.name ?? "";
  const turnOn = async (given: boolean) =>
    setSaved(await changeSettings({ consents: [{ kind: "photos", given, text_version: consentVersion() }] }));
  return (
    <>
      <Heading page={checkInWords.checkIn.photo} title={title} />
      <p class="muted">{words.off}</p>
      <div class="card flush list">
        <Switch
          label={startWords.consent.photos(name)}
          hint={startWords.consent.photosHint}
          on={false}
          onChange={(on) => void turnOn(on)}
        />
      </div>
      <div role="status">{saved && saved !== "saved" && <Note icon="info">{t.settings[saved]}</Note>}</div>
    </>
  );
}
