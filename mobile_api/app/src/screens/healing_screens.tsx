import "../ui/healing.css";
import { CompareScreen } from "./compare.tsx";
import { HealingScreen } from "./healing.tsx";
import { useCoveredAgain } from "./photo_cover.ts";

/** The pages under /healing. Photos are covered again when they are left, or the app is. */
export function HealingScreens({ page }: { page: string }) {
  useCoveredAgain();
  return page === "compare" ? <CompareScreen /> : <HealingScreen />;
}
