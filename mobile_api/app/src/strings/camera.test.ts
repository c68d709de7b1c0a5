import { expect, test } from "vitest";
import { arCamera } from "./ar_camera.ts";
import { enCamera } from "./en_camera.ts";
import { esCamera } from "./es_camera.ts";

const ABOUT = {
  en: /skin|head|hair|scalp|face|brow|tattoo|pigment|removal|scab|heal|treat|clinic|body|side|close-up/i,
  es: /piel|cabez|pelo|cabell|cuero|cara\b|ceja|tatuaj|pigment|elimina|costra|cicatri|tratam|cl[íi]nica|cuerpo|lado/i,
  ar: /جلد|بشرة|رأس|شعر|فروة|وجه|حاجب|وشم|صبغ|إزالة|قشر|شفاء|علاج|عيادة|جسم|جانب/,
};

test.each([
  ["en", enCamera],
  ["es", esCamera],
  ["ar", arCamera],
] as const)(
  "what the camera says aloud in %s tells a listener nothing of what is seen",
  (language, words) => {
    const spoken = [
      ...Object.values(words.guide),
      words.next(2, 6),
      words.count(3),
      words.voiceOn,
      words.stopped,
      words.noPicture,
      words.lineUp,
      words.level,
    ];
    expect(spoken.filter((said) => ABOUT[language].test(said))).toEqual([]);
    expect(spoken.filter((said) => said.length > 40)).toEqual([]);
  },
);
