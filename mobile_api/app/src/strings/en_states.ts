/** English, part: the states of Today and of this phone that not everybody meets. */
export const enStates = {
  states: {
    fault: "Fallow does not answer just now.",
    faultLead: "What you do is saved on this phone. It sends by itself later.",
    full: "This phone is full.",
    fullLead: "Free some space. Until then new photos cannot be kept.",
    fullKeepOpen: "Keep Fallow open until it has sent. Then free some space.",
    planChanged: "Your plan has changed.",
    planAdded: (steps: string) => `New: ${steps}.`,
    planOther: (steps: string) => `Different now: ${steps}.`,
    planGone: (steps: string) => `No longer: ${steps}.`,
    install: "Keep Fallow close",
    installLead: "Put it on your Home Screen. It opens faster, and works without a connection.",
    installShow: "Show me how",
    installNo: "No, thanks",
    helped: "A warning is still open.",
    helpedLead: (name: string) => `${name} closes it when it is over.`,
    showCard: "Show this to a nurse",
    lost: "That part of the app is not on this phone yet.",
    lostLead: "Go online for a moment, then try again.",
  },
} as const;
