// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCard } from "./en_card.ts";
import { plural } from "./plural.ts";

/** Spanish, part: what a client shows to a nurse. */
export const esCard: Translated<typeof enCard> = {
  page: "Enseñar esto a enfermería",
  title: "Para el personal sanitario",
  lead: (name) => `${name} te enseña notas de una app de cuidados posteriores. Son sus propias respuestas.`,
  treatment: "Tratamiento",
  place: "En qué parte del cuerpo",
  when: "Cuándo",
  whenText: (date, day) =>
    plural("es", day, {
      one: `${date}. Hace # día.`,
      many: `${date}. Hace # días.`,
      other: `${date}. Hace # días.`,
    }),
  whenToday: (date) => `${date}. Es hoy.`,
  number: (n) => `Sesión ${n} de esta zona`,
  atClinic: "Hecho en la clínica",
  atHome: "Sobre la piel en casa, últimos 3 días",
  atHomeNone: "Nada, según el plan.",
  answers: "Qué ve y nota",
  answered: (when, day) => `Respondido: ${when}, día ${day}.`,
  noAnswers: "Aún no se ha rellenado ningún control.",
  signs: "Señales de alerta",
  noSigns: "Ninguna marcada.",
  others: "Otras respuestas",
  ruledOut: "Preguntado y sin marcar",
  notTicked: (question, label) => `${question} Sin marcar: «${label}»`,
  outOf: (value, most) => `${value} de ${most}`,
  said: "Con sus propias palabras",
  told: "Qué dijo la app",
  photo: "Foto",
  showPhoto: "Ver la foto",
  photoAlt: (view, day) => `Foto de la persona tratada: ${view}, día ${day}`,
  clinic: "La clínica del tratamiento",
  clinicNoPhone: "No hay ningún número en este teléfono.",
  notFound: "Aún no hay nada que mostrar",
  notFoundLead: "Tu plan aún no está en este teléfono. Tu clínica puede decir qué se hizo.",
};
