/** Where a check-in is: on this phone, received by the clinic, or seen there by somebody. */

import type { Result, Today } from "./contract.ts";
import { isRed } from "./rules.ts";

export type Whereabouts =
  { at: "phone" } | { at: "clinic"; received_at: string } | { at: "person"; by: string; seen_at: string };

/** Seen once somebody has seen every red flag of it, or has answered it. `sentAt`: when this phone sent it. */
export function whereIs(sentAt: number | null, server: Result | null): Whereabouts {
  if (sentAt === null) return { at: "phone" };
  const seen = (server?.flags ?? []).filter((flag) => isRed(flag.level)).map((flag) => flag.seen);
  const known = seen.filter((one) => one !== null).sort((a, b) => a.at.localeCompare(b.at));
  const last = known.length === seen.length ? known.at(-1) : undefined;
  const person = last ?? server?.reviewed;
  if (person) return { at: "person", by: person.by, seen_at: person.at };
  return { at: "clinic", received_at: server?.received_at ?? new Date(sentAt).toISOString() };
}

/** Whether somebody at the clinic has yet to see a red flag: the phone then asks again by itself. */
export function waitsToBeSeen(day: Today | null): boolean {
  return day?.areas.some(({ flag }) => flag !== null && isRed(flag.level) && !flag.seen) ?? false;
}
