// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enStart } from "./en_start.ts";
import { plural } from "./plural.ts";

/** Spanish, part: from the consent to the first day, and back in. Fetched with its screens. */
export const esStart: Translated<typeof enStart> = {
  signedOut: {
    page: "Abre tu invitación",
    title: "Abre tu invitación",
    lead: "Toca el enlace o escanea el código cuadrado de tu clínica. O escribe el código que está debajo.",
    code: "Código de invitación",
    handOver: "Seguir desde tu navegador",
    handOverLead:
      "Abre Fallow en el navegador donde tienes la sesión abierta. «Añadir a la pantalla de inicio», en Ajustes, muestra un código de 8 caracteres. Escríbelo aquí.",
    handOverGone: "El paso desde tu navegador tardó demasiado o ya se usó. No se pierde nada.",
    handOverOffline: "Para este paso hace falta conexión. Inténtalo de nuevo cuando la tengas.",
    anyCode: "Tu código",
    codeGone: "Este código ya no sirve. Pide uno nuevo y escríbelo aquí.",
    codeMissing: "Escribe tu código",
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
    codeLead: "Si Fallow te pide un código al abrirlo, escribe este:",
    codeLife: "Sirve una vez, durante 30 minutos. No lo compartas.",
    install: "Añadir a la pantalla de inicio",
    later: "Hacerlo luego",
    installed: "Ir a Hoy",
  },
};
