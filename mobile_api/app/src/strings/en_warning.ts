import type { Level, Who } from "../lib/contract.ts";

/** English, part: levels, and a warning on Today and wherever else it is told. */
export const enWarning = {
  levels: {
    on_track: (day: number) => `On track for day ${day}`,
    watch: () => "Keep an eye on it",
    today: () => "Get this checked today",
    now: (_day: number) => "Get emergency help now",
  } satisfies Record<Level, (day: number) => string>,
  levelPill: {
    on_track: "On track",
    watch: "Keep an eye on it",
    today: "Get this checked",
    now: "Get help now",
  } satisfies Record<Level, string>,

  warning: {
    received: (when: string) => `Your clinic received it ${when}.`,
    getHelp: "Get help now",
    notSent: "Not sent yet. Call, do not wait.",
    gotHelp: "I have got help",
    who: "Who did you speak to?",
    whoOptions: {
      advice_line: "The advice line",
      doctor: "A doctor",
      studio: "The studio",
      no_one: "No one yet",
    } satisfies Record<Who, string>,
    whoSave: "Save",
    whoThanks: "Thank you. We have noted it.",
    seeAdvice: "Show the advice",
  },
} as const;
