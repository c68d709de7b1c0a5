import { inUse } from "./catalogue.ts";
import { enCamera } from "./en_camera.ts";

/** The words in use. */
export const cameraWords = inUse("camera", enCamera);
