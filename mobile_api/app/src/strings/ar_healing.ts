// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enHealing } from "./en_healing.ts";
import { plural } from "./plural.ts";

const daysAfter = (days: number, what: string) =>
  plural("ar", days, {
    zero: `بعد ${what}`,
    one: `بعد يوم واحد من ${what}`,
    two: `بعد يومين من ${what}`,
    few: `بعد # أيام من ${what}`,
    many: `بعد # يومًا من ${what}`,
    other: `بعد # يوم من ${what}`,
  });
import { isolate } from "./isolate.ts";

/** Arabic, part: the screens about healing. */
export const arHealing: Translated<typeof enHealing> = {
  page: "المنحنى",
  heading: "التعافي",
  comparePage: "مقارنة الصور",
  loading: "جارٍ تحميل المنحنى",
  areas: "المنطقة",
  signs: "عرض",
  allSigns: "الكل",
  asList: "عرض كقائمة",
  usual: "المعتاد في خطتك",
  you: "أنت",
  missedKey: "بلا متابعة",
  today: "اليوم",
  dayShort: (day) => `${day}`,
  numberWords: ["لا شيء", "قليل", "بعض", "كثير"],
  ofMost: (value, most) => `${value} من ${most}`,
  upTo: (words) => `حتى ${words}`,
  more: "أكثر من المعتاد",
  noRange: "بلا نطاق",
  noCheckIn: "بلا متابعة",
  newest: "آخر ما ذكرته",
  columns: { day: "اليوم", sign: "ماذا", you: "أنت", usual: "المعتاد" },
  curve: (sign, day, value, usual) =>
    `${sign} حسب اليوم. الأحدث: اليوم ${day}، ${value}. المعتاد في ذلك اليوم: ${usual}.`,
  curveMore: (sign, day, value, usual) =>
    `${sign} حسب اليوم. الأحدث: اليوم ${day}، ${value}، أكثر من المعتاد. المعتاد في ذلك اليوم: ${usual}.`,

  empty: "يبدأ المنحنى بمتابعة واحدة",
  emptyLead: "بعدها تظهر المقارنة مع ما هو معتاد لطريقتك ويومك.",
  startCheckIn: "بدء المتابعة",
  none: "لا توجد خطة بعد",
  noneLead: "يظهر تعافيك هنا فور أن تبدأ عيادتك خطتك.",
  updated: (when) => `آخر تحديث: ${when}.`,
  updatedWhen: {
    today: (time) => `اليوم، ${time}`,
    tomorrow: (time) => `غدًا، ${time}`,
    yesterday: (time) => `أمس، ${time}`,
  },
  refresh: "تحديث",
  photoUnsent: "لم تُرسل صورتك بعد.",
  answersSent: "أما إجاباتك فأُرسلت.",
  photoAgain: "نعيد محاولة الصورة عندما تتحسن الإشارة.",
  tryNow: "المحاولة الآن",
  comesNext: "ما يأتي بعد ذلك",
  fromDay: (day, words) => `من اليوم ${day}: ${isolate(words)}`,

  photos: "الصور",
  photosByDay: "الصور حسب اليوم",
  view: "الزاوية",
  compare: "مقارنة",
  show: "إظهار الصور",
  cover: "تغطية الصور",
  before: "قبل",
  day: (day) => `اليوم ${day}`,
  photoOf: (view, day) => `${view}، ${day}`,
  covered: (view, day) => `${view}، ${day}، مغطاة`,
  noPhotos: "تظهر صورك هنا بعد الصورة الأولى.",
  photosOnline: "تظهر الصور عند توفر الاتصال.",

  compareWith: "مقارنة اليوم مع",
  compareSlider: (before, after) => `إظهار المزيد من ${before} أو من ${after}`,
  onlyOne: (photo) => `فقط ${photo}`,
  both: (before, after) => `${before} و${after}`,
  dayToday: (day) => `اليوم ${day}، هذا اليوم`,
  showDay: (day) => `إظهار اليوم ${day}`,
  showBefore: "إظهار ما قبل",
  showToday: "إظهار هذا اليوم",
  lightNote: "الضوء والزاوية يختلفان قليلًا بين صورة وأخرى، فقد لا تكون تغيّرات اللون الصغيرة حقيقية.",
  compareNone: "تلزم للمقارنة صورتان من الزاوية نفسها.",

  when: "متى يمكنني …؟",
  topics: {
    sun: "التعرض للشمس",
    gym: "الذهاب إلى النادي الرياضي",
    swim: "السباحة",
    shave: "حلاقة المنطقة",
    hat: "ارتداء أي قبعة",
    hair_dye: "صبغ شعري",
  },
  now: "الآن",
  nowCare: "الآن، بحذر",
  onDate: (date) => `ابتداءً من ${date}`,
  after: {
    scabs_off: (days) => daysAfter(days, "سقوط القشور"),
    skin_closed: (days) => daysAfter(days, "انغلاق الجلد"),
    next_treatment: (days) => daysAfter(days, "علاجك التالي"),
  },
  about: (date) => `نحو ${date}`,
  until: (text, date) => `${isolate(text)} حتى ${date}.`,
  forArea: (area, answer) => `${area}: ${answer}`,
  held: "يلزم فحص هذا أولًا.",
  heldLead: "هناك تنبيه مفتوح. عند إغلاقه تظهر مواعيدك هنا من جديد.",
  help: "طلب المساعدة",
  fromPlan: (name) => `هذه المواعيد من خطتك. عند الشك يمكن سؤال ${name}.`,
};
