/** English, part: display and data in Settings. Fetched with its screen. */
export const enDisplay = {
  display: "Display",
  language: "Language",
  languagePhone: "Same as phone",
  languagePlan: "The words of your plan are in English for now.",
  appearance: "Appearance",
  appearances: { phone: "Same as phone", light: "Light", dark: "Dark" },
  times: (times: string[]) => new Intl.ListFormat("en", { type: "unit" }).format(times),
  timeOf: (time: number, of: number) => `Time ${time} of ${of}`,
  data: "Your data",
  who: "Who can see my check-ins",
  whoShort: (name: string) => `${name}’s clinic`,
  whoAll: (studio: string) =>
    `The people who look after you at ${studio} see your answers and your notes. Nobody else does.`,
  whoPhotos: "They see your photos too.",
  whoNoPhotos: "They see no photos: you do not share them.",
  whoShow: "They may show your photos to others.",
  unfinished: "A check-in that you began is not finished. It would be lost.",
} as const;
