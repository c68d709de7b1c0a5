import type { ReadinessArea } from "./contract.ts";

type Group = ReadinessArea["groups"][number];

/** All that has to be met is met. A group where nothing has to be is done only when all in it is. */
export function isGroupMet(group: Pick<Group, "met" | "of" | "items">): boolean {
  return group.of > 0 ? group.met === group.of : group.items.every((item) => item.met);
}
