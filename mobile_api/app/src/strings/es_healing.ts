// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enHealing } from "./en_healing.ts";
import { plural } from "./plural.ts";

const daysAfter = (days: number, what: string) =>
  days === 0
    ? `Después de que ${what}`
    : plural("es", days, {
        one: `# día después de que ${what}`,
        many: `# días después de que ${what}`,
        other: `# días después de que ${what}`,
      });
const daysAfterNext = (days: number) =>
  days === 0
    ? "Después de tu próximo tratamiento"
    : plural("es", days, {
        one: "# día después de tu próximo tratamiento",
        many: "# días después de tu próximo tratamiento",
        other: "# días después de tu próximo tratamiento",
      });

/** Spanish, part: the screens about healing. */
export const esHealing: Translated<typeof enHealing> = {
  page: "Tu curva",
  heading: "Evolución",
  comparePage: "Comparar fotos",
  loading: "Cargando tu curva",
  areas: "Zona",
  signs: "Mostrar",
  allSigns: "Todo",
  asList: "Ver como lista",
  usual: "Habitual en tu plan",
  you: "Tú",
  missedKey: "Sin control",
  today: "Hoy",
  dayShort: (day) => `${day}`,
  numberWords: ["Nada", "Un poco", "Algo", "Mucho"],
  ofMost: (value, most) => `${value} de ${most}`,
  upTo: (words) => `hasta ${words}`,
  more: "más de lo habitual",
  noRange: "sin rango",
  noCheckIn: "Sin control",
  newest: "Lo último que nos dijiste",
  columns: { day: "Día", sign: "Qué", you: "Tú", usual: "Habitual" },
  curve: (sign, day, value, usual) =>
    `${sign} por día. Lo último: día ${day}, ${value}. Habitual ese día: ${usual}.`,
  curveMore: (sign, day, value, usual) =>
    `${sign} por día. Lo último: día ${day}, ${value}, más de lo habitual. Habitual ese día: ${usual}.`,

  empty: "Tu curva empieza con un control",
  emptyLead: "Entonces verás cómo vas frente a lo habitual para tu método y tu día.",
  startCheckIn: "Empezar el control",
  none: "Aún no hay plan",
  noneLead: "Tu evolución aparece aquí en cuanto tu clínica empiece tu plan.",
  updated: (when) => `Última actualización: ${when}.`,
  updatedWhen: {
    today: (time) => `hoy, ${time}`,
    tomorrow: (time) => `mañana, ${time}`,
    yesterday: (time) => `ayer, ${time}`,
  },
  refresh: "Actualizar",
  photoUnsent: "Tu foto aún no se ha enviado.",
  answersSent: "Tus respuestas sí.",
  photoAgain: "Probaremos con la foto otra vez cuando mejore la señal.",
  tryNow: "Probar ahora",
  comesNext: "Qué viene después",
  fromDay: (day, words) => `Desde el día ${day}: ${words}`,

  photos: "Fotos",
  photosByDay: "Fotos por día",
  view: "Vista",
  compare: "Comparar",
  show: "Ver fotos",
  cover: "Tapar fotos",
  before: "Antes",
  day: (day) => `Día ${day}`,
  photoOf: (view, day) => `${view}, ${day}`,
  covered: (view, day) => `${view}, ${day}, tapada`,
  noPhotos: "Tus fotos aparecen aquí después de la primera.",
  photosOnline: "Las fotos se ven cuando hay conexión.",

  compareWith: "Comparar hoy con",
  compareSlider: (before, after) => `Mostrar más de ${before} o de ${after}`,
  onlyOne: (photo) => `Solo ${photo}`,
  both: (before, after) => `${before} y ${after}`,
  dayToday: (day) => `Día ${day}, hoy`,
  showDay: (day) => `Ver día ${day}`,
  showBefore: "Ver antes",
  showToday: "Ver hoy",
  lightNote:
    "La luz y el ángulo cambian un poco de foto a foto, así que un pequeño cambio de color puede no ser real.",
  compareNone: "Para comparar hacen falta dos fotos de la misma vista.",

  when: "¿Cuándo puedo…?",
  topics: {
    sun: "Tomar el sol",
    gym: "Ir al gimnasio",
    swim: "Nadar",
    shave: "Afeitar la zona",
    hat: "Llevar cualquier gorro",
    hair_dye: "Teñirme el pelo",
  },
  now: "Ya",
  nowCare: "Ya, con cuidado",
  onDate: (date) => `Desde el ${date}`,
  after: {
    scabs_off: (days) => daysAfter(days, "caigan tus costras"),
    skin_closed: (days) => daysAfter(days, "se cierre tu piel"),
    next_treatment: daysAfterNext,
  },
  about: (date) => `sobre el ${date}`,
  until: (text, date) => `${text} Hasta el ${date}.`,
  forArea: (area, answer) => `${area}: ${answer}`,
  held: "Primero, que lo miren.",
  heldLead: "Hay un aviso abierto. Cuando se cierre, tus fechas vuelven aquí.",
  help: "Pedir ayuda",
  fromPlan: (name) => `Estas fechas salen de tu plan. Ante la duda, pregunta a ${name}.`,
};
