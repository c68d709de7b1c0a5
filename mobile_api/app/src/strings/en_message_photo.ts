/** English, part: a photo with a message. Fetched with the thread. */
export const enMessagePhoto = {
  add: "Add a photo",
  title: (name: string) => `A photo for ${name}`,
  attached: "This photo goes with your message",
  remove: "Remove the photo",
  own: "Your photo",
  covered: "Your photo, covered. Tap to show it",
  off: "Photos are off. Turn them on to send one.",
} as const;
