// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enStates } from "./en_states.ts";

/** Spanish, part: the states of Today and of this phone that not everybody meets. */
export const esStates: Translated<typeof enStates> = {
  states: {
    fault: "Fallow no responde ahora mismo.",
    faultLead: "Lo que hagas se guarda en este teléfono. Se envía solo más tarde.",
    full: "Este teléfono está lleno.",
    fullLead: "Libera espacio. Hasta entonces no se pueden guardar fotos nuevas.",
    fullKeepOpen: "Deja Fallow abierto hasta que se envíe. Luego libera espacio.",
    held: "Tu control espera para enviarse",
    heldResult: "Aún no se ha enviado y este teléfono está lleno. Deja Fallow abierto.",
    planChanged: "Tu plan ha cambiado.",
    planAdded: (steps) => `Nuevo: ${steps}.`,
    planOther: (steps) => `Ahora distinto: ${steps}.`,
    planGone: (steps) => `Ya no: ${steps}.`,
    install: "Ten Fallow a mano",
    installLead: "Ponlo en tu pantalla de inicio. Se abre antes y funciona sin conexión.",
    installShow: "Ver cómo",
    installNo: "No, gracias",
    helped: "Sigue habiendo un aviso abierto.",
    helpedLead: (name) => `${name} lo cierra cuando haya pasado.`,
    showCard: "Enseñar esto a enfermería",
    lost: "Esa parte de la app aún no está en este teléfono.",
    lostLead: "Conéctate un momento e inténtalo de nuevo.",
  },
};
