// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enTimer } from "./en_timer.ts";
import { plural } from "./plural.ts";

const minutesLeft = (minutes: number) =>
  plural("es", minutes, {
    one: "Queda 1 minuto",
    many: "Quedan # minutos",
    other: "Quedan # minutos",
  });

/** Spanish, part: the mask's timer. */
export const esTimer: Translated<typeof enTimer> = {
  page: "Temporizador",
  left: "quedan",
  of: (minutes) => plural("es", minutes, { one: "de # minuto", many: "de # minutos", other: "de # minutos" }),
  spoken: (minutes, seconds) =>
    plural("es", minutes, {
      one: `Queda # minuto y ${seconds} segundos`,
      many: `Quedan # minutos y ${seconds} segundos`,
      other: `Quedan # minutos y ${seconds} segundos`,
    }),
  announce: (minutes) => (minutes === 0 ? "Se acabó el tiempo" : minutesLeft(minutes)),
  begin: "Puede hormiguear un poco. En unos minutos debería ir a menos.",
  middle: "Descansa y no lo toques.",
  end: "Ya casi está. Ten agua fresca a mano.",
  paused: "En pausa. El tiempo está parado.",
  over: "Enjuaga con agua fresca",
  overLead: "Luego seca a toquecitos. Sin frotar.",
  burning: "¿Ardor o escozor que va a más?",
  burningDo: "Enjuaga ahora con agua fresca.",
  stop: "Parar, arde",
  lockable: ["Puedes bloquear el teléfono. Te avisaremos cuando toque enjuagar: ", "."],
  keepOpen: "Deja esta pantalla abierta. Cerrada no podemos avisarte.",
  pause: "Pausa",
  resume: "Seguir",
  rinse: "Enjuagar ahora",
  stopped: "Enjuaga ahora",
  stoppedDo: "Usa mucha agua fresca, hasta que el ardor baje. No vuelvas a poner la mascarilla.",
  stoppedTold: (name) => `Se lo hemos dicho a ${name}.`,
  stoppedSaved: "Aún no se ha enviado. Si no baja, llama. No esperes.",
  getHelp: "Pedir ayuda",
  gone: "Este temporizador ha terminado",
  goneLead: "Puedes empezarlo de nuevo desde Hoy.",
};
