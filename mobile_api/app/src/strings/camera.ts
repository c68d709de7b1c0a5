import { enCamera } from "./en_camera.ts";

/** The words in use. More languages become a choice here. */
export const cameraWords: typeof enCamera = enCamera;
