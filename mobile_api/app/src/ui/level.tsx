import type { Level } from "../lib/contract.ts";
import { t } from "../strings/index.ts";
import { Icon, type IconName } from "./icons.tsx";

const LOOK: Record<Level, { tone: string; icon: IconName }> = {
  on_track: { tone: "ok", icon: "check" },
  watch: { tone: "watch", icon: "clock" },
  today: { tone: "urgent", icon: "alert" },
  now: { tone: "urgent", icon: "alert" },
};

/** A level in colour, icon and words. */
export function LevelPill({ level }: { level: Level }) {
  return (
    <span class={`pill ${LOOK[level].tone}`}>
      <Icon name={LOOK[level].icon} small />
      {t.levelPill[level]}
    </span>
  );
}
