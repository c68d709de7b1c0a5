// Spanish. AWAITS REVIEW BY A NATIVE READER.
import type { Translated } from "./catalogue.ts";
import type { enData } from "./en_data.ts";

/** Spanish, part: what happens to the data. */
export const esData: Translated<typeof enData> = {
  page: "Qué pasa con mis datos",
  parts: (who) => [
    {
      title: "Qué se guarda",
      lines: [
        "Tus respuestas, notas y mensajes, y los pasos que marcas.",
        "Fotos solo si las compartes. Antes se quitan el lugar y otros datos ocultos.",
      ],
    },
    {
      title: "Quién lo ve",
      lines: [
        `Quienes cuidan de ti en la clínica de ${who}. Nadie más.`,
        "Cada vez que la clínica abre una foto, queda anotado.",
      ],
    },
    {
      title: "Cómo se protege",
      lines: [
        "Las fotos se guardan selladas, también en este teléfono.",
        "Los avisos no llevan respuestas, fotos ni nombres.",
        "No hay publicidad ni seguimiento.",
      ],
    },
    {
      title: "Cuánto tiempo",
      lines: [
        "La clínica lo guarda mientras lo pidan tu cuidado y la ley.",
        "Al cerrar la sesión, todo se borra de este teléfono.",
      ],
    },
    {
      title: "Qué puedes hacer",
      lines: [
        "Cambiar en Ajustes lo que compartes, cuando quieras.",
        `Pedir una copia a la clínica de ${who}, o que lo borre.`,
      ],
    },
  ],
};
