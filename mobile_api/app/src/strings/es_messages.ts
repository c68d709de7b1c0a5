// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enMessages } from "./en_messages.ts";
import { plural } from "./plural.ts";

/** Spanish, part: the thread with the clinic. */
export const esMessages: Translated<typeof enMessages> = {
  messages: {
    page: "Mensajes",
    tab: "Mensajes",
    unread: (n) =>
      plural("es", n, { one: "# mensaje nuevo", many: "# mensajes nuevos", other: "# mensajes nuevos" }),
    promise: (hours) =>
      plural("es", hours, {
        one: "Responde en # hora.",
        many: "Responde en # horas.",
        other: "Responde en # horas.",
      }),
    urgent: "¿Es urgente?",
    help: "Pedir ayuda ahora",
    with: (name) => `Mensajes con ${name}`,
    empty: (name) => `Saluda o pregunta a ${name} lo que quieras sobre tu piel.`,
    none: "Tus mensajes aparecen aquí cuando haya conexión.",
    offline: "Sin conexión. Lo que escribas se envía en cuanto la haya.",
    write: (name) => `Escribir a ${name}`,
    send: "Enviar",
    you: "Tú",
    state: {
      saved: "Enviando",
      waits: "Guardado en este teléfono",
      sent: "Enviado",
      seen: "Visto",
    },
    timed: (time, state) => `${time}. ${state}`,
    notSent: "Sin enviar. Toca para intentarlo de nuevo",
    today: "Hoy",
    yesterday: "Ayer",
    dayTime: (day, time) => `${day}, ${time}`,
    aboutCheckIn: (day) => `Sobre tu control del día ${day}`,
    changed: "Plan cambiado",
    what: {
      appointment: "Tu próxima cita ha cambiado.",
      date: "Una fecha de tu plan ha cambiado. Lo que depende de ella se ha movido.",
      pause: "Tu plan está en pausa.",
      resume: "Tu plan sigue.",
      steps: "Algunos de tus cuidados han cambiado.",
    },
    moved: (steps) => `Cambios: ${steps}.`,
    list: (items) => new Intl.ListFormat("es").format(items),
  },
};
