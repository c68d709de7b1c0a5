// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enCamera } from "./en_camera.ts";

/** Spanish, part: the camera. What is spoken says nothing of what is seen. */
export const esCamera: Translated<typeof enCamera> = {
  live: "Imagen en directo",
  opening: "Abriendo la cámara",
  lastPhoto: "Última foto",
  voice: "Guía por voz",
  voiceOn: "Guía por voz activada",
  timer: (seconds) => `Cuenta atrás de ${seconds} s`,
  stop: "Parar la cuenta atrás",
  stopped: "Cuenta atrás parada.",
  count: (left) => `${left}`,
  next: (view, of) => `Siguiente foto: ${view} de ${of}.`,
  noPicture: "Aún no hay imagen. Inténtalo de nuevo.",
  notInGallery: "No se guarda en tu galería.",
  lineUp: "Haz que coincida con tu última foto",
  level: "Sujeta el teléfono recto",
  guide: {
    more_light: "Más luz, por favor",
    less_light: "Un poco menos de luz",
    hold_still: "Un momento sin moverte",
    closer: "Un poco más cerca",
    back: "Un poco más lejos",
    ready: "Bien. Sin moverte",
  },
  hint: {
    dark: "Un poco oscura. Prueba junto a una ventana o úsala así.",
    bright: "Demasiado clara. Prueba otra vez o úsala así.",
    blurred: "Un poco movida. Prueba otra vez o úsala así.",
  },
  again: "Repetir",
  useAnyway: "Usarla así",
  tryCamera: "Probar la cámara otra vez",
  lack: {
    none: "Aquí no se encontró ninguna cámara. Puedes elegir una foto.",
    denied:
      "La cámara está desactivada para Fallow. Puedes permitirla en los ajustes del navegador o hacer la foto aquí abajo.",
    busy: "Puede que otra aplicación esté usando la cámara. Ciérrala e inténtalo de nuevo, o haz la foto aquí abajo.",
    insecure:
      "La cámara solo funciona en Fallow con una dirección segura (https). Puedes hacer la foto aquí abajo.",
  },
  mayStay: "La cámara de tu teléfono puede guardar una copia en su galería.",
};
