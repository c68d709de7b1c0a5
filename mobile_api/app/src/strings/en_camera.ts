import type { Guidance } from "../lib/camera_guide.ts";
import type { Hint } from "../lib/photo_check.ts";

/** English, part: the camera. Comes with the check-in. What is spoken says nothing of what is seen. */
export const enCamera = {
  live: "Live picture",
  opening: "Opening the camera",
  lastPhoto: "Last photo",
  voice: "Voice guide",
  voiceOn: "Voice guide on",
  timer: (seconds: number) => `${seconds} s timer`,
  stop: "Stop the timer",
  stopped: "Timer stopped.",
  count: (left: number) => `${left}`,
  /** Not the name of the view: somebody may be listening. */
  next: (view: number, of: number) => `Next photo: ${view} of ${of}.`,
  noPicture: "There is no picture yet. Try again.",
  notInGallery: "Not saved to your gallery.",
  lineUp: "Line up with your last photo",
  level: "Hold the phone level",
  guide: {
    more_light: "More light, please",
    less_light: "A little less light",
    hold_still: "Hold still",
    closer: "A little closer",
    back: "A little further away",
    ready: "Good. Hold still",
  } satisfies Record<Guidance, string>,
  hint: {
    dark: "A bit dark. Try again near a window, or use it anyway.",
    bright: "A bit too bright. Try again, or use it anyway.",
    blurred: "A bit blurred. Try again, or use it anyway.",
  } satisfies Record<Hint, string>,
  again: "Try again",
  useAnyway: "Use it anyway",
  tryCamera: "Try the camera again",
  lack: {
    none: "No camera was found here. You can choose a photo.",
    denied:
      "The camera is off for Fallow. You can allow it in your browser’s settings, or take the photo below.",
    busy: "Another app may be using the camera. Close it and try again, or take the photo below.",
    insecure: "The camera works in Fallow only over a secure address (https). You can take the photo below.",
  },
  mayStay: "Your phone’s own camera may keep a copy in its gallery.",
} as const;
