// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enStates } from "./en_states.ts";
import { isolate } from "./isolate.ts";

/** Arabic, part: the states of Today and of this phone that not everybody meets. */
export const arStates: Translated<typeof enStates> = {
  states: {
    fault: "لا يستجيب Fallow الآن.",
    faultLead: "ما تفعله محفوظ على هذا الهاتف، ويُرسل تلقائيًا لاحقًا.",
    full: "هذا الهاتف ممتلئ.",
    fullLead: "يُرجى توفير مساحة. حتى ذلك الحين لا يمكن حفظ صور جديدة.",
    fullKeepOpen: "يُرجى إبقاء Fallow مفتوحًا حتى يتم الإرسال، ثم توفير مساحة.",
    held: "متابعتك تنتظر الإرسال",
    heldResult: "لم يُرسل بعد، وهذا الهاتف ممتلئ. يُرجى إبقاء Fallow مفتوحًا.",
    planChanged: "تغيّرت خطتك.",
    planAdded: (steps) => `جديد: ${isolate(steps)}.`,
    planOther: (steps) => `مختلف الآن: ${isolate(steps)}.`,
    planGone: (steps) => `لم يعد مطلوبًا: ${isolate(steps)}.`,
    install: "ليبقَ Fallow قريبًا",
    installLead: "على الشاشة الرئيسية يفتح أسرع ويعمل بلا اتصال.",
    installShow: "عرض الطريقة",
    installNo: "لا، شكرًا",
    helped: "ما زال هناك تنبيه مفتوح.",
    helpedLead: (name) => `يُغلق عندما ينتهي الأمر، من ${name}.`,
    showCard: "عرض هذا على التمريض",
    lost: "هذا الجزء من التطبيق ليس على هذا الهاتف بعد.",
    lostLead: "يلزم اتصال قصير بالشبكة ثم إعادة المحاولة.",
  },
};
