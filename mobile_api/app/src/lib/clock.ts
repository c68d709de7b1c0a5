/** The only place of the phone app that reads time: the server's time, carried on by the phone's clock. */

export interface ClockAnchor {
  server: number;
  phone: number;
  rate: number;
}

let anchor: ClockAnchor = { server: 0, phone: 0, rate: 1 };

/** Takes the server's `now` (and the `rate` of a development server) as the time from here on. */
export function setServerNow(instant: string, rate = anchor.rate): ClockAnchor {
  anchor = { server: Date.parse(instant), phone: Date.now(), rate };
  return anchor;
}

/** Puts back an anchor kept from an earlier start, so that a wrong phone clock stays corrected while offline. */
export function restoreClock(kept: ClockAnchor): void {
  anchor = kept;
}

/** The present, in milliseconds since 1970 UTC. */
export function now(): number {
  return anchor.server + (Date.now() - anchor.phone) * anchor.rate;
}

/** The present as the contract writes instants: UTC, whole seconds. */
export function nowText(): string {
  return instantText(now());
}

export function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, "Z");
}

/** A reading of the clock that nobody sets; it means something within one `life` alone. */
export interface Moment {
  life: number;
  at: number;
}

let life = Math.random();
let hidden: { phone: number; at: number } | null = null;
/** So much longer away than the monotonic clock knows: it stood still while the phone slept. */
const STOOD_STILL_MS = 60_000;

export function takeMoment(): Moment {
  return { life, at: performance.now() };
}

/** How long ago a moment was, in milliseconds; null after a restart, in another tab and in the worker. */
export function ageOf(moment: Moment | undefined): number | null {
  return moment?.life === life ? Math.max(0, performance.now() - moment.at) * anchor.rate : null;
}

/** The app went out of sight. */
export function noteHidden(): void {
  hidden = { phone: Date.now(), at: performance.now() };
}

/** The app is in sight again: where the monotonic clock stood still meanwhile, what was before has no known age. */
export function noteShown(): void {
  if (hidden && Date.now() - hidden.phone - (performance.now() - hidden.at) > STOOD_STILL_MS) {
    life = Math.random();
  }
  hidden = null;
}

/** How long to wait, in the phone's own milliseconds, until `milliseconds` of a running clock have passed. */
export function phoneDelay(milliseconds: number): number {
  return Math.max(0, milliseconds / (anchor.rate || 1));
}
