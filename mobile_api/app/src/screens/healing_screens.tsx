import { useEffect } from "preact/hooks";
import { uncovered } from "../actions/healing.ts";
import "../ui/healing.css";
import { CompareScreen } from "./compare.tsx";
import { HealingScreen } from "./healing.tsx";

/** The pages under /healing. Photos are covered again when they are left, or the app is. */
export function HealingScreens({ page }: { page: string }) {
  useEffect(() => {
    const cover = () => {
      if (document.visibilityState === "hidden") uncovered.value = false;
    };
    document.addEventListener("visibilitychange", cover);
    return () => {
      document.removeEventListener("visibilitychange", cover);
      uncovered.value = false;
    };
  }, []);
  return page === "compare" ? <CompareScreen /> : <HealingScreen />;
}
