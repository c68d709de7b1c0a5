"""The neutral texts of pushes and mails to clients in Arabic. AWAITS REVIEW BY A NATIVE READER."""

TEXTS: dict[str, str] = {
    "first_day": "خطواتك الأولى جاهزة",
    "merged": "بعض الأمور لهذا اليوم",
    "check_in_due": "حان وقت متابعة اليوم",
    "check_in_open": "متابعة اليوم ما زالت مفتوحة",
    "care_step": "تذكير من اختيارك",
    "mask_due": "تذكير من اختيارك",
    "mask_done": "انتهى المؤقّت",
    "message": "وصلتك رسالة جديدة",
    "plan_changed": "تغيّر شيء في خطتك",
    "check_again": "يُرجى إجراء متابعة أخرى",
    "help_followup": "يُرجى فتح Fallow",
    "one_tap": "لمسة واحدة تكفي اليوم",
    "paused": "التذكيرات متوقفة مؤقتًا. يمكن استئنافها بفتح Fallow",
    "correction": "تغيّر شيء في خطتك",
    "reviewed": "تم الاطّلاع على متابعتك",
    "ready": "هناك جديد في Fallow",
    "appointment": "لديك موعد غدًا",
}
FALLBACK = "يُرجى فتح Fallow"
MAIL_BODY = "{words}.\n\nفتح Fallow: {link}\n"
