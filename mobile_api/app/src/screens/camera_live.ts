import type { RefObject } from "preact";
import { useEffect, useState } from "preact/hooks";
import { closeCamera, NoCameraError, openCamera, type Lack } from "../actions/camera.ts";
import { readLuma } from "../actions/pictures.ts";
import { EVERY_MS, guide, hear, NOTHING_SAID, type Guidance } from "../lib/camera_guide.ts";
import { CHECK_EDGE, measureLook, measureMotion } from "../lib/photo_check.ts";

type VideoRef = RefObject<HTMLVideoElement | null>;

/** Shows the camera's picture while the page is seen; lets go of the camera as soon as it is left or hidden. */
export function useLiveCamera(video: VideoRef, onLeave: (why: Lack | "hidden") => void): boolean {
  const [ready, setReady] = useState(false);
  useEffect(() => {
    let [stream, left]: [MediaStream | null, boolean] = [null, false];
    const leave = () => {
      left = true;
      closeCamera(stream);
    };
    const hide = () => {
      if (document.visibilityState !== "hidden") return;
      leave();
      onLeave("hidden");
    };
    const open = async () => {
      stream = await openCamera();
      if (left) return closeCamera(stream);
      stream.getVideoTracks()[0]?.addEventListener("ended", () => onLeave("busy"));
      video.current!.srcObject = stream;
      await video.current!.play();
      setReady(true);
    };
    open().catch((error: unknown) => {
      if (left) return;
      leave();
      onLeave(error instanceof NoCameraError ? error.lack : "busy");
    });
    document.addEventListener("visibilitychange", hide);
    return () => {
      document.removeEventListener("visibilitychange", hide);
      leave();
    };
  }, []);
  return ready;
}

/** What the guide says of the live picture; null before the first look at a view. */
export function useGuide(video: VideoRef, view: string, looking: boolean): Guidance | null {
  const [said, setSaid] = useState(NOTHING_SAID);
  useEffect(() => {
    setSaid(NOTHING_SAID);
    if (!looking) return;
    let before: Float32Array = new Float32Array(0);
    const look = () => {
      const source = video.current;
      if (!source?.videoWidth) return;
      const size = { width: source.videoWidth, height: source.videoHeight };
      const { luma, width } = readLuma({ source, ...size }, CHECK_EDGE);
      const guidance = guide(measureLook(luma, width), measureMotion(before, luma), view === "close");
      before = luma;
      setSaid((last) => hear(last, guidance));
    };
    const timer = setInterval(look, EVERY_MS);
    return () => clearInterval(timer);
  }, [view, looking]);
  return said.shown;
}
