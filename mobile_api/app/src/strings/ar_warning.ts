// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWarning } from "./en_warning.ts";

/** Arabic, part: levels, and a warning on Today and wherever else it is told. */
export const arWarning: Translated<typeof enWarning> = {
  levels: {
    on_track: (day) => `كل شيء كما هو متوقع، اليوم ${day}`,
    watch: () => "يحتاج إلى مراقبة",
    today: () => "يلزم فحصه اليوم",
    now: () => "يلزم طلب الطوارئ الآن",
  },
  levelPill: {
    on_track: "كما هو متوقع",
    watch: "يحتاج إلى مراقبة",
    today: "يلزم فحصه",
    now: "طلب المساعدة الآن",
  },

  warning: {
    received: (when) => `وصل إلى عيادتك: ${when}.`,
    getHelp: "طلب المساعدة الآن",
    notSent: "لم يُرسل بعد. يلزم الاتصال بلا انتظار.",
    gotHelp: "حصلت على المساعدة",
    who: "مع من تحدثت؟",
    whoOptions: {
      advice_line: "خط المشورة",
      doctor: "طبيب أو طبيبة",
      studio: "الاستوديو",
      no_one: "لا أحد بعد",
    },
    whoSave: "حفظ",
    whoThanks: "شكرًا. سجّلنا ذلك.",
    seeAdvice: "عرض النصيحة",
  },
};
