// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enMessagePhoto } from "./en_message_photo.ts";

/** Spanish, part: a photo with a message. */
export const esMessagePhoto: Translated<typeof enMessagePhoto> = {
  add: "Añadir una foto",
  title: (name) => `Una foto para ${name}`,
  attached: "Esta foto va con tu mensaje",
  remove: "Quitar la foto",
  own: "Tu foto",
  covered: "Tu foto, tapada. Toca para verla",
  off: "Las fotos están desactivadas. Actívalas para enviar una.",
};
