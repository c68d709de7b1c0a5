// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enNext } from "./en_next.ts";

/** Spanish, part: the page of the next session. */
export const esNext: Translated<typeof enNext> = {
  page: "Próxima sesión",
  earliest: "Todavía no. Como pronto",
  asking: "Todo hecho. Falta una última mirada",
  ready: "Ya puedes reservar desde el",
  onHold: "En espera por ahora",
  holdLead: (name) => `${name} quiere verlo antes.`,
  askLead: (name) => `${name} da una última mirada y luego puedes reservar.`,
  signed: (name, when) => `${name} dio el visto bueno: ${when}.`,
  suggested: (date) => `Tu plan sugiere el ${date}.`,
  moved: (from, to, why) => `Cambia del ${from} al ${to}. ${why}`,
  progress: (day, of) => `Día ${day} de ${of}`,
  depends: "De qué depende",
  basedOn: "En qué se basó",
  doneOf: (met, of) => `${met} de ${of}`,
  met: "hecho",
  notMet: "todavía no",
  from: (date) => `Desde el ${date}`,
  safe: "Esperar más es seguro.",
  ask: (name) => `Preguntar fechas a ${name}`,
  book: (studio) => `Reservar en ${studio}`,
  none: "Aún no hay nada que mostrar",
  noneLead: "Tus fechas aparecen aquí cuando empiece tu plan.",
  stale: "Sin conexión. Esto es lo último que sabíamos.",
};
