/** English, part: what happens to the data. Fetched with its screen. */
export const enData = {
  page: "What happens to my data",
  parts: (who: string) => [
    {
      title: "What is kept",
      lines: [
        "Your answers, notes and messages, and the steps you tick.",
        "Photos only if you share them. Place and other hidden data are taken out first.",
      ],
    },
    {
      title: "Who sees it",
      lines: [
        `The people at ${who}’s clinic who look after you. Nobody else.`,
        "Each time the clinic opens a photo, that is written down.",
      ],
    },
    {
      title: "How it is kept safe",
      lines: [
        "Photos are stored sealed, on this phone too.",
        "Notifications carry no answer, no photo and no name.",
        "There is no advertising and no tracking.",
      ],
    },
    {
      title: "How long",
      lines: [
        "The clinic keeps it as long as your care and the law ask for.",
        "When you sign out, everything goes from this phone.",
      ],
    },
    {
      title: "What you can do",
      lines: [
        "Change what you share at any time, in Settings.",
        `Ask ${who}’s clinic for a copy, or to have it deleted.`,
      ],
    },
  ],
} as const;
