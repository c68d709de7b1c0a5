import type { Catalogue } from "./catalogue.ts";
import { ar } from "./ar.ts";
import { arCamera } from "./ar_camera.ts";
import { arCard } from "./ar_card.ts";
import { arCheckIn } from "./ar_check_in.ts";
import { arCorrection } from "./ar_correction.ts";
import { arData } from "./ar_data.ts";
import { arDisplay } from "./ar_display.ts";
import { arFewerDays } from "./ar_fewer_days.ts";
import { arHealing } from "./ar_healing.ts";
import { arMessagePhoto } from "./ar_message_photo.ts";
import { arNext } from "./ar_next.ts";
import { arStart } from "./ar_start.ts";
import { arTimer } from "./ar_timer.ts";
import { arWeek } from "./ar_week.ts";

export const arCatalogue: Catalogue = {
  main: ar,
  camera: arCamera,
  card: arCard,
  checkIn: arCheckIn,
  correction: arCorrection,
  data: arData,
  display: arDisplay,
  fewerDays: arFewerDays,
  healing: arHealing,
  messagePhoto: arMessagePhoto,
  next: arNext,
  start: arStart,
  timer: arTimer,
  week: arWeek,
};
