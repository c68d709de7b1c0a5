import { signal } from "@preact/signals";
import { LANGUAGE_TAGS, type Language } from "../lib/languages.ts";
import type { en } from "./en.ts";
import type { enCamera } from "./en_camera.ts";
import type { enCard } from "./en_card.ts";
import type { enCheckIn } from "./en_check_in.ts";
import type { enCorrection } from "./en_correction.ts";
import type { enData } from "./en_data.ts";
import type { enDisplay } from "./en_display.ts";
import type { enFewerDays } from "./en_fewer_days.ts";
import type { enHealing } from "./en_healing.ts";
import type { enMessagePhoto } from "./en_message_photo.ts";
import type { enNext } from "./en_next.ts";
import type { enStart } from "./en_start.ts";
import type { enTimer } from "./en_timer.ts";
import type { enWeek } from "./en_week.ts";

/** The same keys with words of its own: one that is missing, or one too many, does not build. */
export type Translated<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Said
    ? (...given: Given) => Translated<Said>
    : { [Key in keyof T]: Translated<T[Key]> };

/** Every word of the app in one language. English comes in parts, each with its screens; another language comes whole. */
export interface Catalogue {
  main: Translated<typeof en>;
  camera: Translated<typeof enCamera>;
  card: Translated<typeof enCard>;
  checkIn: Translated<typeof enCheckIn>;
  correction: Translated<typeof enCorrection>;
  data: Translated<typeof enData>;
  display: Translated<typeof enDisplay>;
  fewerDays: Translated<typeof enFewerDays>;
  healing: Translated<typeof enHealing>;
  messagePhoto: Translated<typeof enMessagePhoto>;
  next: Translated<typeof enNext>;
  start: Translated<typeof enStart>;
  timer: Translated<typeof enTimer>;
  week: Translated<typeof enWeek>;
}

/** Fetched when they are chosen; once the app is installed they come from this phone. */
const CATALOGUES: Record<Exclude<Language, "en">, () => Promise<Catalogue>> = {
  es: () => import("./es_catalogue.ts").then((part) => part.esCatalogue),
  ar: () => import("./ar_catalogue.ts").then((part) => part.arCatalogue),
};

const chosen = signal<Catalogue | null>(null);
/** For dates and numbers. What shows words is shown anew when it changes, for they change with it. */
export let language = LANGUAGE_TAGS.en;

/** Rejects, and changes nothing, where the words cannot be fetched. */
export async function speak(next: Language): Promise<void> {
  const catalogue = next === "en" ? null : await CATALOGUES[next]();
  language = LANGUAGE_TAGS[next];
  chosen.value = catalogue;
}

/** The words in use of one part. Whoever reads a word while rendering is rendered again when the language changes. */
export function inUse<Name extends keyof Catalogue>(name: Name, english: Catalogue[Name]): Catalogue[Name] {
  return new Proxy(english, {
    get: (_, key) => Reflect.get((chosen.value?.[name] ?? english) as object, key) as unknown,
  });
}
