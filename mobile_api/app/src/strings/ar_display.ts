// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enDisplay } from "./en_display.ts";

/** Arabic, part: display and data in Settings. */
export const arDisplay: Translated<typeof enDisplay> = {
  display: "العرض",
  language: "اللغة",
  languagePhone: "مثل الهاتف",
  languagePlan: "كلمات خطتك بالإنجليزية حاليًا.",
  appearance: "المظهر",
  appearances: { phone: "مثل الهاتف", light: "فاتح", dark: "داكن" },
  times: (times) => new Intl.ListFormat("ar", { type: "unit" }).format(times),
  timeOf: (time, of) => `الوقت ${time} من ${of}`,
  data: "بياناتك",
  who: "من يمكنه رؤية متابعاتي",
  whoShort: (name) => `عيادة ${name}`,
  whoAll: (studio) => `من يعتنون بك في ${studio} يرون إجاباتك وملاحظاتك، ولا يراها غيرهم.`,
  whoPhotos: "ويرون صورك أيضًا.",
  whoNoPhotos: "ولا يرون صورًا: المشاركة متوقفة.",
  whoShow: "ويمكنهم عرض صورك على آخرين.",
  unfinished: "هناك متابعة بدأت ولم تكتمل، وستضيع.",
};
