import type { Catalogue } from "./catalogue.ts";
import { es } from "./es.ts";
import { esCamera } from "./es_camera.ts";
import { esCard } from "./es_card.ts";
import { esCheckIn } from "./es_check_in.ts";
import { esCorrection } from "./es_correction.ts";
import { esData } from "./es_data.ts";
import { esDisplay } from "./es_display.ts";
import { esFewerDays } from "./es_fewer_days.ts";
import { esHealing } from "./es_healing.ts";
import { esMessagePhoto } from "./es_message_photo.ts";
import { esNext } from "./es_next.ts";
import { esStart } from "./es_start.ts";
import { esTimer } from "./es_timer.ts";
import { esWeek } from "./es_week.ts";

export const esCatalogue: Catalogue = {
  main: es,
  camera: esCamera,
  card: esCard,
  checkIn: esCheckIn,
  correction: esCorrection,
  data: esData,
  display: esDisplay,
  fewerDays: esFewerDays,
  healing: esHealing,
  messagePhoto: esMessagePhoto,
  next: esNext,
  start: esStart,
  timer: esTimer,
  week: esWeek,
};
