import { signal } from "@preact/signals";

/** How many messages of the clinic wait to be read: the number on the tab. Written by actions. */
export const unread = signal(0);
