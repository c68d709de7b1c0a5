/** The phone's camera: asked for on a tap, let go of when it is left. Pictures stay in the app, never in the gallery. */

import { signal } from "@preact/signals";

/** How the person wants it, until the app is closed: the last photo's strength in percent, voice, timer. */
export const ghostStrength = signal(46);
export const voiceOn = signal(false);
export const selfTimerOn = signal(false);

/** Why there is no live picture: none there, not allowed, in use elsewhere, or a page that is not secure. */
export type Lack = "none" | "denied" | "busy" | "insecure";

export class NoCameraError extends Error {
  readonly lack: Lack;
  constructor(lack: Lack) {
    super(lack);
    this.lack = lack;
  }
}

/** What is known without asking: `allowed` before, to be asked for (`ask`), or what is missing. */
export async function knowCamera(): Promise<"allowed" | "ask" | Lack> {
  if (!navigator.mediaDevices?.getUserMedia) return isSecureContext ? "none" : "insecure";
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some((one) => one.kind === "videoinput")) return "none";
  // Not every browser tells of the camera's permission.
  const permission = await navigator.permissions
    ?.query({ name: "camera" as PermissionName })
    .catch(() => null);
  if (permission?.state === "granted") return "allowed";
  return permission?.state === "denied" ? "denied" : "ask";
}

/** Opens the camera on the back of the phone, or the one there is. Rejects with NoCameraError. */
export async function openCamera(): Promise<MediaStream> {
  const video = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1440 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    throw new NoCameraError(lackOf(error));
  }
}

export function closeCamera(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

function lackOf(error: unknown): Lack {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "none";
}
