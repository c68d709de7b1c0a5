import { endSession, getMe, getReadiness, refreshSession } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { NoRoomError } from "../db/database.ts";
import { forget, getKept, keep } from "../db/kept.ts";
import { listTimers, pruneTimers } from "../db/timers.ts";
import { noteHidden, noteShown, now, restoreClock } from "../lib/clock.ts";
import { waitsToBeSeen } from "../lib/received.ts";
import { path } from "../lib/router.ts";
import { sendIfRed } from "./check_ins.ts";
import { loadCorrections, restoreCorrections } from "./corrections.ts";
import { loadDay } from "./day.ts";
import { clearDrafts, restoreDrafts } from "./drafts.ts";
import { useFragment } from "./hand_over.ts";
import { keepHealing } from "./healing.ts";
import { settleLanguage } from "./language.ts";
import { setMe } from "./me.ts";
import { showOutbox } from "./outbox.ts";
import { orSayFull } from "./room.ts";
import { sendSaved } from "./sending.ts";
import {
  healing,
  keptToday,
  me,
  minute,
  noRoom,
  online,
  outbox,
  plan,
  planChange,
  readiness,
  serverFault,
  session,
  timers,
  zoneChoice,
} from "./state.ts";
import { loadThread, restoreThread } from "./thread.ts";
import { settleZone } from "./zone.ts";

const DAY = 24 * 3_600_000;
/** While the app is open: how often the time is shown anew, what was not sent is tried again, a red flag is asked after. */
const AGAIN_MS = 30_000;

/** Shows the phone's own copy at once, then asks the server for news. */
export async function start(): Promise<void> {
  const [clock, ...kept] = await Promise.all([
    getKept("clock"),
    getKept("me"),
    getKept("plan"),
    getKept("today"),
    getKept("readiness"),
    getKept("healing"),
    getKept("zone_choice"),
    getKept("plan_change"),
    listTimers(),
    restoreThread(),
    restoreCorrections(),
  ]);
  if (clock) restoreClock(clock);
  [
    me.value,
    plan.value,
    keptToday.value,
    readiness.value,
    healing.value,
    zoneChoice.value,
    planChange.value,
    timers.value,
  ] = kept;
  await pruneTimers();
  await showOutbox();
  minute.value = now();
  await restoreDrafts(sendIfRed);
  session.value = me.value ? "in" : "starting";
  watchPhone();
  await refresh();
}

/** Sends what waits, then fetches what changed. Offline it changes nothing. */
export async function refresh(): Promise<void> {
  if (path.value.startsWith("/i/") || path.value.startsWith("/start/consent")) {
    if (session.value === "starting") session.value = "out";
    return;
  }
  try {
    if (!(await finishSignOut())) return;
    await useFragment();
    if (!(await loadMe())) return;
    await sendSaved();
    await loadDay();
    await loadThread();
    await loadCorrections();
    await clearDrafts();
    await refreshSessionDaily();
    await keepHealing();
    await confirmPushOnce();
    online.value = true;
  } catch (error) {
    if (error instanceof NoRoomError) noRoom.value = true;
    else if (!(error instanceof OfflineError || error instanceof ProblemError)) throw error;
    online.value = error instanceof NoRoomError || error instanceof ProblemError;
    serverFault.value = error instanceof ProblemError && error.problem.status >= 500;
    if (session.value === "starting") session.value = "out";
  } finally {
    minute.value = now();
  }
}

/** A sign-out without a connection left the session's cookie: nobody comes in by it before the server has ended it. */
async function finishSignOut(): Promise<boolean> {
  if (!(await getKept("leaving"))) return true;
  session.value = "out";
  if (!(await endSession())) return false;
  await forget("leaving");
  return false;
}

async function loadMe(): Promise<boolean> {
  const answer = await getMe();
  if (answer.status === 401) {
    session.value = "out";
    return false;
  }
  if (answer.status >= 300) throw new ProblemError({ title: "", status: answer.status });
  await setMe(answer.body);
  await settleZone();
  await settleLanguage();
  return true;
}

export async function loadReadiness(): Promise<void> {
  try {
    const known = await getReadiness();
    readiness.value = known;
    await orSayFull(() => keep("readiness", known));
  } catch (error) {
    if (error instanceof OfflineError) online.value = false;
  }
}

/** The session's secret is exchanged once a day. */
async function refreshSessionDaily(): Promise<void> {
  const last = (await getKept("refreshed_at")) ?? 0;
  if (now() - last < DAY && last <= now()) return;
  if ((await refreshSession()).status < 300) await keep("refreshed_at", now());
}

let pushConfirmed = false;

async function confirmPushOnce(): Promise<void> {
  if (pushConfirmed) return;
  pushConfirmed = true;
  await (await import("./push.ts")).confirmPush(); // by then the first screen stands
}

function watchPhone(): void {
  addEventListener("online", () => void refresh());
  addEventListener("offline", () => (online.value = false));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return noteHidden();
    noteShown();
    void refresh();
  });
  setInterval(() => {
    minute.value = now();
    const saved = outbox.value.some((item) => item.state === "saved");
    if (!online.value || serverFault.value || saved || waitsToBeSeen(keptToday.value)) void refresh();
  }, AGAIN_MS);
}
