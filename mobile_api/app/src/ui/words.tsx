import type { ComponentChildren } from "preact";
import { LANGUAGE_TAGS, PLAN_LANGUAGE } from "../lib/languages.ts";
import { language } from "../strings/index.ts";

/** Words of the plan, which are in one language whatever the app speaks: marked for who reads aloud, and set apart from
 * words that run the other way. */
export function PlanWords({ children }: { children: ComponentChildren }) {
  if (language === LANGUAGE_TAGS[PLAN_LANGUAGE]) return <>{children}</>;
  return <bdi lang={PLAN_LANGUAGE}>{children}</bdi>;
}
