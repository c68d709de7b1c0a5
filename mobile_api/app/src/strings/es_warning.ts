// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWarning } from "./en_warning.ts";

/** Spanish, part: levels, and a warning on Today and wherever else it is told. */
export const esWarning: Translated<typeof enWarning> = {
  levels: {
    on_track: (day) => `Todo según lo previsto, día ${day}`,
    watch: () => "Conviene vigilarlo",
    today: () => "Que lo miren hoy",
    now: () => "Pide ayuda de emergencia ahora",
  },
  levelPill: {
    on_track: "Según lo previsto",
    watch: "Conviene vigilarlo",
    today: "Que lo miren",
    now: "Pide ayuda ahora",
  },

  warning: {
    received: (when) => `Tu clínica lo recibió: ${when}.`,
    getHelp: "Pedir ayuda ahora",
    notSent: "Aún no se ha enviado. Llama, no esperes.",
    gotHelp: "Ya he recibido ayuda",
    who: "¿Con quién has hablado?",
    whoOptions: {
      advice_line: "La línea de consejo",
      doctor: "Personal médico",
      studio: "El estudio",
      no_one: "Nadie todavía",
    },
    whoSave: "Guardar",
    whoThanks: "Gracias. Lo hemos anotado.",
    seeAdvice: "Ver el consejo",
  },
};
