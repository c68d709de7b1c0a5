/** English, part: the days ahead. Fetched with its part of Today. */
export const enWeek = {
  title: "The week ahead",
  about: "What is usual. Yours may be a little earlier or later.",
  same: "Much the same.",
  more: (signs: string) => `More is usual: ${signs}.`,
  less: (signs: string) => `Less is usual: ${signs}.`,
  begins: (steps: string) => `Starts: ${steps}.`,
  perhaps: (steps: string) => `May start: ${steps}.`,
  checkIn: "Check-in.",
  checkInPhoto: "Check-in with a photo.",
  signs: {
    soreness: "soreness",
    itching: "itching",
    colour: "colour",
    swelling: "swelling",
    warmth: "warmth",
    tightness: "tightness",
  },
} as const;
