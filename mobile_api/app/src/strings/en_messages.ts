import type { PlanChange } from "../lib/thread_contract.ts";
import { plural } from "./plural.ts";

/** English, part: the thread with the clinic. */
export const enMessages = {
  messages: {
    page: "Messages",
    tab: "Messages",
    unread: (n: number) => plural("en", n, { one: "# new message", other: "# new messages" }),
    promise: (hours: number) =>
      plural("en", hours, { one: "Replies within # hour.", other: "Replies within # hours." }),
    urgent: "Urgent?",
    help: "Get help now",
    with: (name: string) => `Messages with ${name}`,
    empty: (name: string) => `Say hello, or ask ${name} anything about your skin.`,
    none: "Your messages show here once you are online.",
    offline: "You are offline. What you write is sent as soon as you are online.",
    write: (name: string) => `Write to ${name}`,
    send: "Send",
    you: "You",
    state: {
      saved: "Sending",
      waits: "Saved on this phone",
      sent: "Sent",
      seen: "Seen",
    },
    timed: (time: string, state: string) => `${time}. ${state}`,
    notSent: "Not sent. Tap to try again",
    today: "Today",
    yesterday: "Yesterday",
    dayTime: (day: string, time: string) => `${day}, ${time}`,
    aboutCheckIn: (day: number) => `About your check-in on day ${day}`,
    changed: "Plan changed",
    what: {
      appointment: "Your next appointment has changed.",
      date: "A date in your plan has changed. What hangs on it has moved.",
      pause: "Your plan is paused.",
      resume: "Your plan goes on.",
      steps: "Some of your care steps have changed.",
    } satisfies Record<PlanChange, string>,
    moved: (steps: string) => `Changed: ${steps}.`,
    list: (items: string[]) => new Intl.ListFormat("en").format(items),
  },
} as const;
