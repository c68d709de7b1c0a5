// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enStart } from "./en_start.ts";
import { plural } from "./plural.ts";

/** Spanish, part: from the invitation to the first day. */
export const esStart: Translated<typeof enStart> = {
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
  signedOut: {
    page: "Abre tu invitación",
    title: "Abre tu invitación",
    lead: "Toca el enlace o escanea el código cuadrado de tu clínica. O escribe el código que está debajo.",
    code: "Código de invitación",
    codeMissing: "Escribe el código de tu invitación",
    open: "Abrir",
    saved: (n) =>
      plural("es", n, {
        one: "Hay una cosa guardada en este teléfono. Se envía cuando vuelvas a entrar.",
        many: "Hay # cosas guardadas en este teléfono. Se envían cuando vuelvas a entrar.",
        other: "Hay # cosas guardadas en este teléfono. Se envían cuando vuelvas a entrar.",
      }),
  },
  consent: {
    page: "Qué aceptas",
    step: "Paso 1 de 2",
    title: "¿Quién puede ver tus controles?",
    lead: "Tus respuestas y fotos son datos de salud. Tú decides qué compartir y puedes cambiar de idea cuando quieras.",
    care: (practitioner) => `La clínica de ${practitioner} ve tus controles.`,
    careWhy: "Así pueden cuidar de ti. Nadie más los ve.",
    photos: (practitioner) => `Compartir mis fotos con ${practitioner}`,
    photosHint: "Puedes usar Fallow sin fotos",
    show: (practitioner) => `Dejar que ${practitioner} enseñe mis fotos a otras personas`,
    showHint: "Por ejemplo, en una web. La mayoría dice que no.",
    noDoctor:
      "Fallow no sustituye al médico. Si te encuentras muy mal, llama al número de emergencias de tu zona.",
    agree: "Aceptar y seguir",
    failed: "No ha funcionado. Inténtalo de nuevo.",
  },
  reminders: {
    page: "Recordatorios",
    step: "Paso 2 de 2",
    title: "¿Un aviso discreto cada mañana?",
    lead: "Esto es todo lo que se ve en tu teléfono bloqueado. Nunca dice para qué es.",
    preview: "Así se ve la notificación en la pantalla de bloqueo: Fallow. Es hora del control de hoy.",
    now: "ahora",
    sample: "Es hora del control de hoy",
    morning: "Control de la mañana",
    quiet: "Horas de silencio",
    quietHint: "A estas horas no se envía nada",
    turnOn: "Activar recordatorios",
    notNow: "Ahora no",
    on: "Los recordatorios están activos",
    continue: "Seguir",
    denied: "Los recordatorios de Fallow están desactivados en los ajustes de tu teléfono.",
    deniedHow:
      "Abre los ajustes de tu teléfono, busca Fallow o tu navegador y permite las notificaciones. Luego vuelve aquí.",
    failed: "Los recordatorios aún no están activos. Inténtalo de nuevo o hazlo luego en Ajustes.",
    unsupported: "Este navegador todavía no puede mostrar recordatorios.",
    unsupportedHow: "Pon primero Fallow en tu pantalla de inicio y luego actívalos.",
  },
  install: {
    page: "Añadir a la pantalla de inicio",
    iphone: "Un paso más en el iPhone",
    iphoneLead: "El iPhone solo permite recordatorios de las apps de tu pantalla de inicio. Son tres toques.",
    steps: [
      ["Toca ", "Compartir", " en la parte baja de Safari"],
      ["Elige ", "Añadir a pantalla de inicio", ""],
      ["Abre ", "Fallow", " desde tu pantalla de inicio. Seguimos desde ahí."],
    ],
    other: "Ten Fallow a mano",
    otherLead: "Ponlo en tu pantalla de inicio. Se abre antes y funciona sin conexión.",
    discreet: "Ni el icono ni el nombre delatan nada.",
    noStore: "Sin App Store ni contraseña. Tu sesión sigue abierta cuando lo abras.",
    install: "Añadir a la pantalla de inicio",
    later: "Hacerlo luego",
    installed: "Ir a Hoy",
  },
};
