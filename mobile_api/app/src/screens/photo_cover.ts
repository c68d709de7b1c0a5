import { useEffect } from "preact/hooks";
import { uncovered } from "../actions/healing.ts";
import { me } from "../actions/state.ts";

/** Whether photos are covered until somebody taps on them. */
export function isCovered(): boolean {
  return (me.value?.cover_photos ?? true) && !uncovered.value;
}

/** Covers the photos again when these pages are left, or the app is. */
export function useCoveredAgain(): void {
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
}
