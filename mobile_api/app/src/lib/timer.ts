/** A running mask timer: time left is always the end minus now, so lock, reload and a killed app change nothing. */

export interface MaskTimer {
  /** Opaque; also the id of the step log that started it. */
  id: string;
  care_plan_id: string;
  occurrence: string;
  title: string;
  minutes: number;
  ends_at: number;
  paused_at: number | null;
  ended: "done" | "burning" | null;
}

const MINUTE = 60_000;
/** Past this the screen stops counting how long the mask has been on too long. */
export const OVERRUN_SHOWN = 10 * MINUTE;

export function startTimer(
  timer: Omit<MaskTimer, "ends_at" | "paused_at" | "ended">,
  now: number,
): MaskTimer {
  return { ...timer, ends_at: now + timer.minutes * MINUTE, paused_at: null, ended: null };
}

/** Milliseconds left; below 0 once the time is over. Stands still while paused. */
export function timeLeft(timer: MaskTimer, now: number): number {
  return timer.ends_at - (timer.paused_at ?? now);
}

export function pauseTimer(timer: MaskTimer, now: number): MaskTimer {
  return timer.paused_at === null && timeLeft(timer, now) > 0 ? { ...timer, paused_at: now } : timer;
}

/** The pause moves the end by as long as it lasted. */
export function resumeTimer(timer: MaskTimer, now: number): MaskTimer {
  if (timer.paused_at === null) return timer;
  return { ...timer, ends_at: timer.ends_at + (now - timer.paused_at), paused_at: null };
}

/** Minutes and seconds left, rounded up so that the last second shows 0:01 and the end 0:00. */
export function clockFace(left: number): { minutes: number; seconds: number } {
  const seconds = Math.ceil(Math.max(0, left) / 1000);
  return { minutes: Math.floor(seconds / 60), seconds: seconds % 60 };
}

/** How many of the ring's 60 dots are lit. */
export function litDots(timer: MaskTimer, left: number): number {
  return Math.max(0, Math.min(60, Math.ceil((left / (timer.minutes * MINUTE)) * 60)));
}

/** The minute to announce to a screen reader when time moved from `before` to `left`: 10, 5, 1 or 0, else null. */
export function announceMinute(before: number, left: number): number | null {
  return [0, 1, 5, 10].find((minute) => before > minute * MINUTE && left <= minute * MINUTE) ?? null;
}
