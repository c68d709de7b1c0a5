// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enDisplay } from "./en_display.ts";

/** Spanish, part: display and data in Settings. */
export const esDisplay: Translated<typeof enDisplay> = {
  display: "Pantalla",
  language: "Idioma",
  languagePhone: "Del teléfono",
  languagePlan: "Las palabras de tu plan están en inglés por ahora.",
  appearance: "Aspecto",
  appearances: { phone: "Del teléfono", light: "Claro", dark: "Oscuro" },
  times: (times) => new Intl.ListFormat("es", { type: "unit" }).format(times),
  timeOf: (time, of) => `Hora ${time} de ${of}`,
  data: "Tus datos",
  who: "Quién puede ver mis controles",
  whoShort: (name) => `La clínica de ${name}`,
  whoAll: (studio) => `En ${studio}, quienes cuidan de ti ven tus respuestas y tus notas. Nadie más.`,
  whoPhotos: "También ven tus fotos.",
  whoNoPhotos: "No ven fotos: no las compartes.",
  whoShow: "Pueden enseñar tus fotos a otras personas.",
  unfinished: "Empezaste un control y no está terminado. Se perdería.",
};
