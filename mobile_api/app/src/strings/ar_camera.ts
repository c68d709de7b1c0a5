// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCamera } from "./en_camera.ts";

/** Arabic, part: the camera. What is spoken says nothing of what is seen. */
export const arCamera: Translated<typeof enCamera> = {
  live: "صورة مباشرة",
  opening: "جارٍ فتح الكاميرا",
  lastPhoto: "آخر صورة",
  voice: "إرشاد صوتي",
  voiceOn: "الإرشاد الصوتي يعمل",
  timer: (seconds) => `مؤقّت بالثواني: ${seconds}`,
  stop: "إيقاف المؤقّت",
  stopped: "توقف المؤقّت.",
  count: (left) => `${left}`,
  next: (view, of) => `الصورة التالية: ${view} من ${of}.`,
  noPicture: "لا صورة بعد. تمكن المحاولة من جديد.",
  notInGallery: "لا تُحفظ في معرض الصور.",
  lineUp: "لتكن مطابقة لآخر صورة",
  level: "يُرجى إبقاء الهاتف مستويًا",
  guide: {
    more_light: "مزيد من الضوء",
    less_light: "ضوء أقل قليلًا",
    hold_still: "لحظة بلا حركة",
    closer: "أقرب قليلًا",
    back: "أبعد قليلًا",
    ready: "جيد. بلا حركة",
  },
  hint: {
    dark: "الصورة مظلمة قليلًا. تمكن المحاولة قرب نافذة أو استخدامها كما هي.",
    bright: "الصورة ساطعة قليلًا. تمكن المحاولة من جديد أو استخدامها كما هي.",
    blurred: "الصورة مهتزة قليلًا. تمكن المحاولة من جديد أو استخدامها كما هي.",
  },
  again: "إعادة الالتقاط",
  useAnyway: "استخدامها كما هي",
  tryCamera: "تجربة الكاميرا من جديد",
  lack: {
    none: "لم نجد كاميرا هنا. يمكن اختيار صورة.",
    denied: "الكاميرا غير مسموحة لتطبيق Fallow. يمكن السماح بها من إعدادات المتصفح، أو التقاط الصورة أدناه.",
    busy: "ربما يستخدم تطبيق آخر الكاميرا. يمكن إغلاقه ثم المحاولة من جديد، أو التقاط الصورة أدناه.",
    insecure: "تعمل الكاميرا في Fallow على عنوان آمن فقط (https). يمكن التقاط الصورة أدناه.",
  },
  mayStay: "قد تحتفظ كاميرا هاتفك بنسخة في معرض الصور.",
};
