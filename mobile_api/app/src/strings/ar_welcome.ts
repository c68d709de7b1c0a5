// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enWelcome } from "./en_welcome.ts";

/** Arabic, part: the invitation. */
export const arWelcome: Translated<typeof enWelcome> = {
  welcome: {
    page: "الدعوة",
    title: (name, practitioner) => `مرحبًا ${name}. خطتك من ${practitioner} جاهزة`,
    lead: (practitioner) => `Fallow للاستخدام في المنزل بين الزيارات. تصل أخبارك إلى ${practitioner}.`,
    invitation: "دعوتك",
    invitedBy: "الدعوة من",
    validUntil: (studio, date) => `${studio}. صالحة حتى ${date}.`,
    quick: ["أقل من دقيقة في اليوم.", "بضع لمسات وصورة واحدة."],
    privacy: (practitioner) => [`تراها عيادة ${practitioner} فقط.`, "الصور لا تدخل معرض صورك."],
    quiet: ["هادئ من البداية.", "التذكيرات لا تذكر أبدًا سببها."],
    yes: (name) => `نعم، أنا ${name}`,
    no: "هذه ليست لي",
    declined: "شكرًا على إخبارنا",
    declinedLead: "لم تعد الدعوة صالحة، والاستوديو على علم بذلك. يمكن إغلاق هذه الصفحة.",
    spent: "استُخدم هذا الرابط من قبل",
    spentLead: "وقد يكون قديمًا جدًا. يمكن طلب رابط جديد من عيادتك.",
    offline: "تحتاج هذه الخطوة الأولى إلى اتصال",
    offlineLead: "بعدها يعمل Fallow بلا اتصال أيضًا.",
  },
};
