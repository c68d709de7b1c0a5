// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCorrection } from "./en_correction.ts";

/** Arabic, part: a correction of what was told. */
export const arCorrection: Translated<typeof enCorrection> = {
  card: "تصحيح تُرجى قراءته",
  open: "القراءة",
  page: "تصحيح",
  wholePlan: "خطتك كلها",
  from: (name, when) => `من ${name}، ${when}.`,
  right: "الصحيح",
  told: "ما قيل لك سابقًا",
  inPlan: "ما تقوله خطتك الآن",
  ask: (name) => `سؤال ${name} عن هذا`,
  read: "قرأت هذا",
  wasRead: "تمت القراءة. شكرًا.",
  toToday: "العودة إلى اليوم",
  none: "لا شيء للعرض بعد",
  noneLead: "يظهر هذا هنا عند توفر الاتصال.",
  gone: "لم يعد هنا شيء.",
};
