// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWelcome } from "./en_welcome.ts";

/** Spanish, part: the invitation. */
export const esWelcome: Translated<typeof enWelcome> = {
  welcome: {
    page: "Invitación",
    title: (name, practitioner) => `Hola, ${name}. El plan de ${practitioner} está listo`,
    lead: (practitioner) => `Usa Fallow en casa entre visitas. ${practitioner} ve cómo vas.`,
    invitation: "Tu invitación",
    invitedBy: "Te invita",
    validUntil: (studio, date) => `${studio}. Sirve hasta el ${date}.`,
    quick: ["Menos de un minuto al día.", "Unos toques y una foto."],
    privacy: (practitioner) => [
      `Solo lo ve la clínica de ${practitioner}.`,
      "Las fotos no van a tu galería.",
    ],
    quiet: ["Discreto desde el principio.", "Los recordatorios nunca dicen para qué son."],
    yes: (name) => `Sí, soy ${name}`,
    no: "No es para mí",
    declined: "Gracias por avisarnos",
    declinedLead: "La invitación ya no sirve y el estudio lo sabe. Puedes cerrar esta página.",
    spent: "Este enlace ya se ha usado",
    spentLead: "También puede ser demasiado antiguo. Pide uno nuevo a tu clínica.",
    offline: "Para este primer paso hace falta conexión",
    offlineLead: "Después, Fallow también funciona sin ella.",
  },
};
