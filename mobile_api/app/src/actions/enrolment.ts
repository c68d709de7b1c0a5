import { signal } from "@preact/signals";
import { declineInvite, enrol, getInvite } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { wipe } from "../db/database.ts";
import { forget, getKept } from "../db/kept.ts";
import type { Invite, Me, Problem } from "../lib/contract.ts";
import { loadCorrections } from "./corrections.ts";
import { loadDay } from "./day.ts";
import { spoken } from "./language.ts";
import { setMe } from "./me.ts";
import { sendSaved } from "./sending.ts";
import { clearState, phoneZone } from "./state.ts";

export type InviteState =
  | { is: "loading" }
  | { is: "open"; code: string; invite: Invite }
  | { is: "spent"; studioPhone: string | null }
  | { is: "offline" }
  | { is: "declined" };

export const inviteState = signal<InviteState>({ is: "loading" });
const CODE = "fallow-invite";
const TEXT_VERSION = "2026-11-22";

export async function loadInvite(code: string): Promise<void> {
  inviteState.value = { is: "loading" };
  try {
    const answer = await getInvite(code);
    if (answer.status >= 500 || answer.status === 429) inviteState.value = { is: "offline" };
    else if (answer.status >= 300) setSpent(answer.body as unknown as Problem);
    else {
      sessionStorage.setItem(CODE, code);
      inviteState.value = { is: "open", code, invite: answer.body };
    }
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    inviteState.value = { is: "offline" };
  }
}

/** After a reload in the middle of the start: the code that was opened in this tab. */
export async function resumeInvite(): Promise<void> {
  const code = sessionStorage.getItem(CODE);
  if (code) await loadInvite(code);
  else inviteState.value = { is: "spent", studioPhone: null };
}

function setSpent(problem: Problem): void {
  inviteState.value = { is: "spent", studioPhone: problem.studio_phone ?? null };
}

export async function decline(code: string): Promise<void> {
  try {
    await declineInvite(code);
  } catch (error) {
    if (error instanceof OfflineError) {
      inviteState.value = { is: "offline" };
      return;
    }
    if (!(error instanceof ProblemError)) throw error;
  }
  sessionStorage.removeItem(CODE);
  inviteState.value = { is: "declined" };
}

/** Joins this phone to the clinic. False when the invitation turned out to be spent, or there is no connection. */
export async function accept(code: string, photos: boolean, showPhotos: boolean): Promise<boolean> {
  const consent = (kind: "care" | "photos" | "show_photos", given: boolean) => ({
    kind,
    given,
    text_version: consentVersion(),
  });
  const zone = phoneZone();
  const device = { name: deviceName(), platform: "web", zone, language: spoken.value } as const;
  const consents = [consent("care", true), consent("photos", photos), consent("show_photos", showPhotos)];
  try {
    const answer = await enrol({ code, device, consents });
    if (answer.status === 404 || answer.status === 410) setSpent(answer.body as unknown as Problem);
    if (answer.status >= 300) return false;
    await makeRoomFor(answer.body.me);
    await setMe(answer.body.me);
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    inviteState.value = { is: "offline" };
    return false;
  }
  sessionStorage.removeItem(CODE);
  void navigator.storage?.persist?.();
  void sendSaved()
    .then(() => Promise.all([loadDay(), loadCorrections()]))
    .catch(() => undefined);
  return true;
}

/** What an earlier person's sign-in left on this phone is nothing for the next one to see. */
export async function makeRoomFor(next: Me): Promise<void> {
  const before = await getKept("me");
  if (!before || before.id === next.id) {
    await forget("leaving");
    return;
  }
  await wipe();
  clearState();
}

/** Which words were agreed to: their version, and the language that they were read in. */
export const consentVersion = () => `${TEXT_VERSION}.${spoken.value}`;

export function deviceName(): string {
  const agent = navigator.userAgent;
  if (/iPhone|iPad/.test(agent)) return "iPhone";
  return /Android/.test(agent) ? "Android phone" : "Computer";
}
