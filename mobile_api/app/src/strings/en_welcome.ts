/** English, part: the invitation. */
export const enWelcome = {
  welcome: {
    page: "Invitation",
    title: (name: string, practitioner: string) => `Hi ${name}. Your plan from ${practitioner} is ready`,
    lead: (practitioner: string) =>
      `Use Fallow at home between visits. ${practitioner} checks how you are doing.`,
    invitation: "Your invitation",
    invitedBy: "Invited by",
    validUntil: (studio: string, date: string) => `${studio}. Works until ${date}.`,
    quick: ["Under a minute a day.", "A few taps and one photo."],
    privacy: (practitioner: string) => [
      `Only ${practitioner}’s clinic sees it.`,
      "Photos stay out of your gallery.",
    ],
    quiet: ["Quiet by default.", "Reminders never say what they are for."],
    yes: (name: string) => `Yes, I am ${name}`,
    no: "This is not me",
    declined: "Thank you for telling us",
    declinedLead: "The invitation no longer works, and the studio knows. You can close this page.",
    spent: "This link has been used",
    spentLead: "It may also be too old. Ask your clinic for a new one.",
    offline: "You need a connection for this first step",
    offlineLead: "After that, Fallow works without one too.",
  },
} as const;
