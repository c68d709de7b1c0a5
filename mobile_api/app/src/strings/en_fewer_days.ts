/** English, part: fewer days between sessions than the plan as written has. Fetched with its screen. */
export const enFewerDays = {
  set: (name: string, days: number, shipped: number) =>
    `${name} set at least ${days} days here. The plan as written says ${shipped}.`,
  why: (name: string, reason: string) => `${name} says why: “${reason}”`,
  alsoCounts: "Your date above also counts your skin type and your scabs.",
} as const;
