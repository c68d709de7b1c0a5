/** English, part: a correction of what was told. Fetched with its screen. */
export const enCorrection = {
  card: "Please read: a correction",
  open: "Read it",
  page: "A correction",
  wholePlan: "Your whole plan",
  from: (name: string, when: string) => `From ${name}, ${when}.`,
  right: "What is right",
  told: "What you were told before",
  inPlan: "What your plan says now",
  ask: (name: string) => `Ask ${name} about this`,
  read: "I have read this",
  wasRead: "Read. Thank you.",
  toToday: "Back to Today",
  none: "Nothing to show yet",
  noneLead: "This shows here once you are online.",
  gone: "There is nothing here any more.",
} as const;
