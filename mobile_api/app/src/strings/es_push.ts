// Spanish. AWAITS REVIEW BY A NATIVE READER.
import { plural } from "./plural.ts";
import type { PushWords } from "./push.ts";

/** Spanish, part: what pushes say. */
export const esPush: PushWords = {
  texts: {
    first_day: "Tus primeros pasos están listos",
    merged: "Algunas cosas para hoy",
    check_in_due: "Es hora del control de hoy",
    check_in_open: "El control de hoy sigue abierto",
    care_step: "Un recordatorio tuyo",
    mask_due: "Un recordatorio tuyo",
    mask_done: "Tu temporizador ha terminado",
    message: "Hay un mensaje nuevo para ti",
    plan_changed: "Algo ha cambiado en tu plan",
    check_again: "Haz otro control, por favor",
    help_followup: "Abre Fallow, por favor",
    one_tap: "Hoy basta con un toque",
    paused: "Los recordatorios están en pausa. Abre Fallow para retomarlos",
    correction: "Algo ha cambiado en tu plan",
    reviewed: "Ya han mirado tu control",
    ready: "Hay novedades en Fallow",
    appointment: "Mañana tienes cita",
  },
  fallback: "Abre Fallow, por favor",
  detail: {
    first_day: "Qué hacer hoy y qué dejar en paz",
    check_in_due: (day) => `Control del día ${day}. Menos de un minuto`,
    check_in_open: (day) => `El control del día ${day} sigue abierto`,
    check_again: (day) => `Día ${day}: haz otro control, por favor`,
    mask_due: (title, minutes) =>
      plural("es", minutes, {
        one: `${title}, # minuto`,
        many: `${title}, # minutos`,
        other: `${title}, # minutos`,
      }),
    mask_done: (title) => `Toca enjuagar: ${title}`,
    message: (name) => `Mensaje nuevo de ${name}`,
    plan_changed: (name) => `${name} ha cambiado tus cuidados`,
    help_followup: "¿Has recibido ayuda?",
    one_tap: "¿Todo bien o algo te preocupa? Basta con un toque",
    correction: "Léelo, por favor: una corrección en tus cuidados",
    reviewed: (name) => `${name} ha mirado tu control`,
    ready: "Novedades sobre tu próxima sesión",
  },
};
