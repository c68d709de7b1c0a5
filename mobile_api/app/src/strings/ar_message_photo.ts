// Arabic. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enMessagePhoto } from "./en_message_photo.ts";

/** Arabic, part: a photo with a message. */
export const arMessagePhoto: Translated<typeof enMessagePhoto> = {
  add: "إضافة صورة",
  title: (name) => `صورة إلى ${name}`,
  attached: "تُرسل هذه الصورة مع رسالتك",
  remove: "إزالة الصورة",
  own: "صورتك",
  covered: "صورتك مغطاة. لمسة لإظهارها",
  off: "الصور متوقفة. يمكن تشغيلها لإرسال صورة.",
};
