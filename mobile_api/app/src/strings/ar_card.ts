// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCard } from "./en_card.ts";
import { plural } from "./plural.ts";
import { isolate } from "./isolate.ts";

/** Arabic, part: what a client shows to a nurse. */
export const arCard: Translated<typeof enCard> = {
  page: "عرض هذا على التمريض",
  title: "للطاقم الطبي",
  lead: (name) => `ملاحظات من تطبيق للعناية اللاحقة، يعرضها عليكم ${name}. وهي إجاباته أو إجاباتها الخاصة.`,
  treatment: "العلاج",
  place: "موضعه من الجسم",
  when: "متى",
  whenText: (date, day) =>
    plural("ar", day, {
      zero: `${date}. اليوم.`,
      one: `${date}. قبل يوم واحد.`,
      two: `${date}. قبل يومين.`,
      few: `${date}. قبل # أيام.`,
      many: `${date}. قبل # يومًا.`,
      other: `${date}. قبل # يوم.`,
    }),
  whenToday: (date) => `${date}. اليوم.`,
  number: (n) => `الجلسة ${n} لهذه المنطقة`,
  atClinic: "ما جرى في العيادة",
  atHome: "على الجلد في المنزل، آخر 3 أيام",
  atHomeNone: "لا شيء، حسب الخطة.",
  answers: "ما يُرى وما يُشعر به",
  answered: (when, day) => `وقت الإجابة: ${when}، اليوم ${day}.`,
  noAnswers: "لم تُملأ أي متابعة بعد.",
  signs: "علامات التنبيه",
  noSigns: "لا علامات.",
  others: "إجابات أخرى",
  ruledOut: "سُئل عنه ولم توضع علامة",
  notTicked: (question, label) => `${isolate(question)} بلا علامة: «${isolate(label)}»`,
  outOf: (value, most) => `${value} من ${most}`,
  said: "بكلمات الشخص نفسه",
  told: "ما قاله التطبيق",
  photo: "الصورة",
  showPhoto: "عرض الصورة",
  photoAlt: (view, day) => `صورة من الشخص المعالَج: ${view}، اليوم ${day}`,
  clinic: "العيادة المعالِجة",
  clinicNoPhone: "لا يوجد رقم على هذا الهاتف.",
  notFound: "لا شيء للعرض بعد",
  notFoundLead: "خطتك ليست على هذا الهاتف بعد. تستطيع عيادتك أن تخبر بما جرى.",
};
