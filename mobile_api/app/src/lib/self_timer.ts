/** The camera's own timer: time to put the phone in place. */

export const SELF_TIMER_S = 3;

/** Says each second that is left, from `seconds` to 1. True at the end; false where `stopped` said so on the way. */
export async function countDown(
  seconds: number,
  wait: (milliseconds: number) => Promise<unknown>,
  onSecond: (left: number) => void,
  stopped: () => boolean,
): Promise<boolean> {
  for (let left = seconds; left > 0; left--) {
    if (stopped()) return false;
    onSecond(left);
    await wait(1000);
  }
  return !stopped();
}
