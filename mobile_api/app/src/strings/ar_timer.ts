// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enTimer } from "./en_timer.ts";
import { plural } from "./plural.ts";

/** Arabic, part: the mask's timer. */
export const arTimer: Translated<typeof enTimer> = {
  page: "المؤقّت",
  left: "المتبقي",
  of: (minutes) =>
    plural("ar", minutes, {
      zero: "من # دقيقة",
      one: "من دقيقة واحدة",
      two: "من دقيقتين",
      few: "من # دقائق",
      many: "من # دقيقة",
      other: "من # دقيقة",
    }),
  spoken: (minutes, seconds) =>
    plural("ar", minutes, {
      zero: `الثواني المتبقية: ${seconds}`,
      one: `المتبقي دقيقة واحدة، والثواني: ${seconds}`,
      two: `المتبقي دقيقتان، والثواني: ${seconds}`,
      few: `المتبقي # دقائق، والثواني: ${seconds}`,
      many: `المتبقي # دقيقة، والثواني: ${seconds}`,
      other: `المتبقي # دقيقة، والثواني: ${seconds}`,
    }),
  announce: (minutes) =>
    plural("ar", minutes, {
      zero: "انتهى الوقت",
      one: "بقيت دقيقة واحدة",
      two: "بقيت دقيقتان",
      few: "بقيت # دقائق",
      many: "بقيت # دقيقة",
      other: "بقيت # دقيقة",
    }),
  begin: "قد تشعر بوخز خفيف. ينبغي أن يخف خلال دقائق.",
  middle: "وقت الراحة، من دون لمس.",
  end: "اقتربت النهاية. ليكن الماء البارد جاهزًا.",
  paused: "متوقف مؤقتًا. الوقت لا يمضي.",
  over: "حان وقت الشطف بماء بارد",
  overLead: "ثم التجفيف بالتربيت، من دون فرك.",
  burning: "حرقة أو لسع يزداد؟",
  burningDo: "يلزم الشطف الآن بماء بارد.",
  stop: "إيقاف، هناك حرقة",
  lockable: ["يمكن قفل الهاتف. نخبرك عند وقت الشطف: ", "."],
  keepOpen: "يُرجى إبقاء هذه الشاشة مفتوحة. لا يمكن التنبيه وهي مغلقة.",
  pause: "إيقاف مؤقت",
  resume: "استئناف",
  rinse: "الشطف الآن",
  stopped: "يلزم الشطف الآن",
  stoppedDo: "بكثير من الماء البارد حتى تخف الحرقة. ولا يُعاد وضع القناع.",
  stoppedTold: (name) => `وصل الخبر إلى ${name}.`,
  stoppedSaved: "لم يُرسل بعد. إن لم تخف الحرقة يلزم الاتصال بلا انتظار.",
  getHelp: "طلب المساعدة",
  gone: "انتهى هذا المؤقّت",
  goneLead: "يمكن بدؤه من جديد من صفحة اليوم.",
};
