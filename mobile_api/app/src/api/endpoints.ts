import type { Answers, Bodies } from "../lib/api_types.ts";
import type { Enrolment, MePatch, Plan, PushAddress, Result, Thread, Today } from "../lib/contract.ts";
import { call, request, type Answer } from "./http.ts";

const part = encodeURIComponent;

export const getInvite = (code: string) =>
  request<Answers["GET /invites/{code}"]>("GET", `/invites/${part(code)}`);
export const enrol = (body: Enrolment) =>
  request<Answers["POST /enrolments"]>("POST", "/enrolments", { body });
export const declineInvite = (code: string) =>
  call<Answers["POST /enrolments/decline"]>("POST", "/enrolments/decline", { code });
/** A code that signs the app on the Home Screen in, once. */
export const makeHandOver = () => call<Answers["POST /hand-overs"]>("POST", "/hand-overs");
export const redeemHandOver = (body: Bodies["POST /hand-overs/redeem"]) =>
  request<Answers["POST /hand-overs/redeem"]>("POST", "/hand-overs/redeem", { body });
export const refreshSession = () => request<Answers["POST /session/refresh"]>("POST", "/session/refresh");
/** Whether the session is over: ended now, or not known any more. */
export const endSession = async (): Promise<boolean> => {
  const { status } = await request<Answers["DELETE /session"]>("DELETE", "/session");
  return status < 300 || status === 401;
};
export const getMe = () => request<Answers["GET /me"]>("GET", "/me");
export const patchMe = (patch: MePatch) => call<Answers["PATCH /me"]>("PATCH", "/me", patch);
export const getToday = () => request<Today>("GET", "/today");
export const getPlan = (etag: string | null): Promise<Answer<Plan>> =>
  request<Plan>("GET", "/plan", { etag });
export const getReadiness = () => call<Answers["GET /readiness"]>("GET", "/readiness");
export const getHealing = () => call<Answers["GET /healing"]>("GET", "/healing");
export const getMessages = () => request<Thread>("GET", "/messages");
export const getCorrections = () => request<Answers["GET /corrections"]>("GET", "/corrections");
export const getCheckIn = (id: string) => call<Result>("GET", `/check-ins/${part(id)}`);
export const getReminder = (id: string) =>
  call<Answers["GET /reminders/{reminder_id}"]>("GET", `/reminders/${part(id)}`);
export const putPush = (device: string, address: PushAddress) =>
  call<Answers["PUT /devices/{device_id}/push"]>("PUT", `/devices/${part(device)}/push`, address);
export const deletePush = (device: string) =>
  call<Answers["DELETE /devices/{device_id}/push"]>("DELETE", `/devices/${part(device)}/push`);
