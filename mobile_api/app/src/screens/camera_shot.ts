import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { selfTimerOn, voiceOn } from "../actions/camera.ts";
import { prepareFrame, type TakenPhoto } from "../actions/photos.ts";
import { hush, say } from "../actions/voice.ts";
import { countDown, SELF_TIMER_S } from "../lib/self_timer.ts";
import { cameraWords as words } from "../strings/camera.ts";
import { language } from "../strings/index.ts";
import { keepPhoto } from "./photo.tsx";
import type { PhotoTask } from "./photo_task.ts";

type Step =
  | { is: "live" | "counting" | "working" }
  /** Kept, with something that may be wrong with it. */
  | { is: "review"; view: string; taken: TakenPhoto };

export interface Shot {
  step: Step;
  view: string;
  /** What is said on the screen, and aloud where that is wanted. */
  news: string;
  tell: (said: string, politely?: boolean) => void;
  shoot: () => Promise<void>;
  stop: () => void;
  again: () => Promise<void>;
  skip: (() => Promise<void>) | null;
  goOn: () => void;
}

const LIVE: Step = { is: "live" };
const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Taking one view after the other: timer, photo, what may be wrong with it, next view. */
export function useShot(
  task: PhotoTask,
  video: RefObject<HTMLVideoElement | null>,
  onNext: () => void,
): Shot {
  const [step, setStep] = useState(LIVE);
  const [news, setNews] = useState("");
  const count = useRef(0);
  useEffect(() => () => void (count.current++, hush()), []);
  const view = step.is === "review" ? step.view : task.view;
  const tell = (said: string, politely = false) => {
    setNews(said);
    if (voiceOn.value) say(said, language, politely);
  };
  const goOn = () => {
    const next = task.next();
    setStep(LIVE);
    if (!next) return onNext();
    tell(words.next(task.views.indexOf(next) + 1, task.views.length));
  };
  const take = async () => {
    setStep({ is: "working" });
    const kept = await takeFrame(task, view, video.current);
    if (typeof kept !== "string" && !kept.hint) return goOn();
    if (typeof kept === "string") tell(kept);
    setStep(typeof kept === "string" ? LIVE : { is: "review", view, taken: kept });
  };
  const shoot = async () => {
    const mine = ++count.current;
    if (selfTimerOn.value) setStep({ is: "counting" });
    const seconds = selfTimerOn.value ? SELF_TIMER_S : 0;
    const onSecond = (left: number) => tell(words.count(left));
    if (await countDown(seconds, wait, onSecond, () => count.current !== mine)) await take();
  };
  const stop = () => {
    count.current++;
    setStep(LIVE);
    tell(words.stopped);
  };
  const again = () => task.retake(view).then(() => setStep(LIVE));
  const pass = task.skip;
  const skip = pass && (() => pass(view).then(goOn));
  return { step, view, news, tell, shoot, stop, again, skip, goOn };
}

/** The photo once it is safe on this phone, else what to do. */
async function takeFrame(
  task: PhotoTask,
  view: string,
  video: HTMLVideoElement | null,
): Promise<TakenPhoto | string> {
  const taken = video && (await prepareFrame(video).catch(() => null));
  return taken ? keepPhoto(task, view, taken) : words.noPicture;
}
