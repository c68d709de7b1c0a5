// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enMessages } from "./en_messages.ts";
import { plural } from "./plural.ts";
import { isolate } from "./isolate.ts";

/** Arabic, part: the thread with the clinic. */
export const arMessages: Translated<typeof enMessages> = {
  messages: {
    page: "الرسائل",
    tab: "الرسائل",
    unread: (n) =>
      plural("ar", n, {
        zero: "لا رسائل جديدة",
        one: "رسالة جديدة",
        two: "رسالتان جديدتان",
        few: "# رسائل جديدة",
        many: "# رسالة جديدة",
        other: "# رسالة جديدة",
      }),
    promise: (hours) =>
      plural("ar", hours, {
        zero: "الرد فوري.",
        one: "الرد خلال ساعة.",
        two: "الرد خلال ساعتين.",
        few: "الرد خلال # ساعات.",
        many: "الرد خلال # ساعة.",
        other: "الرد خلال # ساعة.",
      }),
    urgent: "هل الأمر عاجل؟",
    help: "طلب المساعدة الآن",
    with: (name) => `الرسائل مع ${name}`,
    empty: (name) => `يمكنك إلقاء التحية، أو سؤال ${name} عن أي شيء يخص بشرتك.`,
    none: "تظهر رسائلك هنا عند توفر الاتصال.",
    offline: "لا يوجد اتصال. ما تكتبه يُرسل فور توفره.",
    write: (name) => `الكتابة إلى ${name}`,
    send: "إرسال",
    you: "أنت",
    state: {
      saved: "جارٍ الإرسال",
      waits: "محفوظة على هذا الهاتف",
      sent: "أُرسلت",
      seen: "قُرئت",
    },
    timed: (time, state) => `${time}. ${state}`,
    notSent: "لم تُرسل. لمسة لإعادة المحاولة",
    today: "اليوم",
    yesterday: "أمس",
    dayTime: (day, time) => `${day}، ${time}`,
    aboutCheckIn: (day) => `عن متابعة اليوم ${day}`,
    changed: "تغيّرت الخطة",
    what: {
      appointment: "تغيّر موعدك التالي.",
      date: "تغيّر تاريخ في خطتك، وانتقل معه ما يرتبط به.",
      pause: "خطتك متوقفة مؤقتًا.",
      resume: "خطتك مستمرة من جديد.",
      steps: "تغيّرت بعض خطوات عنايتك.",
    },
    moved: (steps) => `ما تغيّر: ${isolate(steps)}.`,
    list: (items) => new Intl.ListFormat("ar").format(items),
  },
};
