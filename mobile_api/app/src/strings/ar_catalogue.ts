import type { Catalogue } from "./catalogue.ts";
import { ar } from "./ar.ts";
import { arCamera } from "./ar_camera.ts";
import { arCard } from "./ar_card.ts";
import { arDisplay } from "./ar_display.ts";
import { arHealing } from "./ar_healing.ts";
import { arTimer } from "./ar_timer.ts";
import { arWeek } from "./ar_week.ts";

export const arCatalogue: Catalogue = {
  main: ar,
  camera: arCamera,
  card: arCard,
  display: arDisplay,
  healing: arHealing,
  timer: arTimer,
  week: arWeek,
};
