import type {
  Consent,
  HandOver,
  Healing,
  Invite,
  Me,
  MePatch,
  Plan,
  PushAddress,
  Readiness,
  ReminderTarget,
  Result,
  Thread,
  Today,
} from "../lib/contract.ts";
import { call, request, type Answer } from "./http.ts";

const part = encodeURIComponent;

export interface Enrolment {
  code: string;
  device: { name: string; platform: "web"; zone: string; language: string };
  consents: Consent[];
}

export const getInvite = (code: string) => request<Invite>("GET", `/invites/${part(code)}`);
export const enrol = (body: Enrolment) => request<{ me: Me; now: string }>("POST", "/enrolments", { body });
export const declineInvite = (code: string) => call<null>("POST", "/enrolments/decline", { code });
/** A code that signs the app on the Home Screen in, once. */
export const makeHandOver = () => call<HandOver>("POST", "/hand-overs");
export const redeemHandOver = (body: { code: string; device_name: string }) =>
  request<{ me: Me }>("POST", "/hand-overs/redeem", { body });
export const refreshSession = () => request<unknown>("POST", "/session/refresh");
/** Whether the session is over: ended now, or not known any more. */
export const endSession = async (): Promise<boolean> => {
  const { status } = await request("DELETE", "/session");
  return status < 300 || status === 401;
};
export const getMe = () => request<Me>("GET", "/me");
export const patchMe = (patch: MePatch) => call<Me>("PATCH", "/me", patch);
export const getToday = () => request<Today>("GET", "/today");
export const getPlan = (etag: string | null): Promise<Answer<Plan>> =>
  request<Plan>("GET", "/plan", { etag });
export const getReadiness = () => call<Readiness>("GET", "/readiness");
export const getHealing = () => call<Healing>("GET", "/healing");
export const getMessages = () => request<Thread>("GET", "/messages");
export const getCheckIn = (id: string) => call<Result>("GET", `/check-ins/${part(id)}`);
export const getReminder = (id: string) => call<ReminderTarget>("GET", `/reminders/${part(id)}`);
export const putPush = (device: string, address: PushAddress) =>
  call<null>("PUT", `/devices/${part(device)}/push`, address);
export const deletePush = (device: string) => call<null>("DELETE", `/devices/${part(device)}/push`);
