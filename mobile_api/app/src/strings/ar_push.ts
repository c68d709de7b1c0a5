// Arabic. AWAITS REVIEW BY A NATIVE READER.
import { plural } from "./plural.ts";
import type { PushWords } from "./push.ts";

/** Arabic, part: what pushes say. */
export const arPush: PushWords = {
  texts: {
    first_day: "خطواتك الأولى جاهزة",
    merged: "بعض الأمور لهذا اليوم",
    check_in_due: "حان وقت متابعة اليوم",
    check_in_open: "متابعة اليوم ما زالت مفتوحة",
    care_step: "تذكير من اختيارك",
    mask_due: "تذكير من اختيارك",
    mask_done: "انتهى المؤقّت",
    message: "وصلتك رسالة جديدة",
    plan_changed: "تغيّر شيء في خطتك",
    check_again: "يُرجى إجراء متابعة أخرى",
    help_followup: "يُرجى فتح Fallow",
    one_tap: "لمسة واحدة تكفي اليوم",
    paused: "التذكيرات متوقفة مؤقتًا. يمكن استئنافها بفتح Fallow",
    correction: "تغيّر شيء في خطتك",
    reviewed: "تم الاطّلاع على متابعتك",
    ready: "هناك جديد في Fallow",
    appointment: "لديك موعد غدًا",
  },
  fallback: "يُرجى فتح Fallow",
  detail: {
    first_day: "ما يلزم فعله اليوم وما يلزم تركه",
    check_in_due: (day) => `متابعة اليوم ${day}. أقل من دقيقة`,
    check_in_open: (day) => `متابعة اليوم ${day} ما زالت مفتوحة`,
    check_again: (day) => `اليوم ${day}: يُرجى إجراء متابعة أخرى`,
    mask_due: (title, minutes) =>
      plural("ar", minutes, {
        zero: `${title}، # دقيقة`,
        one: `${title}، دقيقة واحدة`,
        two: `${title}، دقيقتان`,
        few: `${title}، # دقائق`,
        many: `${title}، # دقيقة`,
        other: `${title}، # دقيقة`,
      }),
    mask_done: (title) => `حان وقت الشطف: ${title}`,
    message: (name) => `رسالة جديدة من ${name}`,
    plan_changed: (name) => `تغيّرت خطوات عنايتك، من ${name}`,
    help_followup: "هل حصلت على المساعدة؟",
    one_tap: "كل شيء بخير أم هناك ما يقلق؟ لمسة واحدة تكفي",
    correction: "يُرجى القراءة: تصحيح في خطوات عنايتك",
    reviewed: (name) => `تم الاطّلاع على متابعتك، من ${name}`,
    ready: "جديد عن جلستك القادمة",
  },
};
