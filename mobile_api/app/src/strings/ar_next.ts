// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enNext } from "./en_next.ts";

/** Arabic, part: the page of the next session. */
export const arNext: Translated<typeof enNext> = {
  page: "الجلسة التالية",
  earliest: "ليس بعد. أقرب موعد",
  asking: "اكتمل كل شيء. بقيت نظرة أخيرة",
  ready: "الحجز متاح ابتداءً من",
  onHold: "في الانتظار حاليًا",
  holdLead: (name) => `النظرة الأولى من ${name}.`,
  askLead: (name) => `بعد نظرة أخيرة من ${name} يصبح الحجز متاحًا.`,
  signed: (name, when) => `موافقة ${name}: ${when}.`,
  suggested: (date) => `تقترح خطتك ${date}.`,
  moved: (from, to, why) => `نُقل الموعد من ${from} إلى ${to}. ${why}`,
  progress: (day, of) => `اليوم ${day} من ${of}`,
  depends: "على ماذا يتوقف ذلك",
  basedOn: "على ماذا استند ذلك",
  doneOf: (met, of) => `${met} من ${of}`,
  met: "تم",
  notMet: "ليس بعد",
  from: (date) => `ابتداءً من ${date}`,
  safe: "الانتظار مدة أطول آمن.",
  ask: (name) => `سؤال ${name} عن المواعيد`,
  book: (studio) => `الحجز: ${studio}`,
  none: "لا شيء للعرض بعد",
  noneLead: "تظهر مواعيدك هنا بعد بدء خطتك.",
  stale: "لا يوجد اتصال. هذا آخر ما نعرفه.",
};
