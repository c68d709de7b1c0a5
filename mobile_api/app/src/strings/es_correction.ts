// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCorrection } from "./en_correction.ts";

/** Spanish, part: a correction of what was told. */
export const esCorrection: Translated<typeof enCorrection> = {
  card: "Por favor, lee esto: una corrección",
  open: "Leer",
  page: "Una corrección",
  wholePlan: "Todo tu plan",
  from: (name, when) => `De ${name}, ${when}.`,
  right: "Lo correcto",
  told: "Lo que se te dijo antes",
  inPlan: "Lo que dice tu plan ahora",
  ask: (name) => `Preguntar sobre esto: ${name}`,
  read: "Lo he leído",
  wasRead: "Leído. Gracias.",
  toToday: "Volver a Hoy",
  none: "Todavía no hay nada que mostrar",
  noneLead: "Esto aparece aquí en cuanto tengas conexión.",
  gone: "Aquí ya no hay nada.",
};
