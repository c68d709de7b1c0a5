"""The neutral texts of pushes and mails to clients in Spanish. AWAITS REVIEW BY A NATIVE READER."""

TEXTS: dict[str, str] = {
    "first_day": "Tus primeros pasos están listos",
    "merged": "Algunas cosas para hoy",
    "check_in_due": "Es hora del control de hoy",
    "check_in_open": "El control de hoy sigue abierto",
    "care_step": "Un recordatorio tuyo",
    "mask_due": "Un recordatorio tuyo",
    "mask_done": "Tu temporizador ha terminado",
    "message": "Hay un mensaje nuevo para ti",
    "plan_changed": "Algo ha cambiado en tu plan",
    "check_again": "Haz otro control, por favor",
    "help_followup": "Abre Fallow, por favor",
    "one_tap": "Hoy basta con un toque",
    "paused": "Los recordatorios están en pausa. Abre Fallow para retomarlos",
    "correction": "Algo ha cambiado en tu plan",
    "reviewed": "Ya han mirado tu control",
    "ready": "Hay novedades en Fallow",
    "appointment": "Mañana tienes cita",
}
FALLBACK = "Abre Fallow, por favor"
MAIL_BODY = "{words}.\n\nAbrir Fallow: {link}\n"
