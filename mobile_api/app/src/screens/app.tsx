import { session } from "../actions/state.ts";
import { navigate, path } from "../lib/router.ts";
import { lazy } from "../ui/lazy.tsx";
import { LoadingScreen } from "../ui/page.tsx";
import { useEffect } from "preact/hooks";
import { HelpScreen } from "./help.tsx";
import { InvitationScreen } from "./invitation.tsx";
import { TodayScreen } from "./today.tsx";

// Files of their own, so that the first screen is there soon; the worker keeps them all on the phone.
const CheckInFlow = lazy(() => import("./check_in.tsx").then((part) => part.CheckInFlow));
const ConsentScreen = lazy(() => import("./consent.tsx").then((part) => part.ConsentScreen));
const HealingScreens = lazy(() => import("./healing_screens.tsx").then((part) => part.HealingScreens));
const InstallScreen = lazy(() => import("./install.tsx").then((part) => part.InstallScreen));
const MessagesScreens = lazy(() => import("./messages.tsx").then((part) => part.MessagesScreens));
const CorrectionScreen = lazy(() => import("./correction.tsx").then((part) => part.CorrectionScreen));
const NextScreen = lazy(() => import("./next.tsx").then((part) => part.NextScreen));
const NotificationScreen = lazy(() => import("./notification.tsx").then((part) => part.NotificationScreen));
const RemindersScreen = lazy(() => import("./reminders.tsx").then((part) => part.RemindersScreen));
const ResultScreen = lazy(() => import("./result.tsx").then((part) => part.ResultScreen));
const TimerScreen = lazy(() => import("./timer.tsx").then((part) => part.TimerScreen));
const SignedOutScreen = lazy(() => import("./signed_out.tsx").then((part) => part.SignedOutScreen));
const SettingsScreen = lazy(() => import("./settings.tsx").then((part) => part.SettingsScreen));
const NurseCardScreen = lazy(() => import("./nurse_card.tsx").then((part) => part.NurseCardScreen));

const PAGE = /^(\d|more)$/;

export function App() {
  const [first, second = "", third = ""] = path.value.split("/").slice(1);
  if (first === "i") return <InvitationScreen code={decodeURIComponent(second)} />;
  if (first === "start" && second === "consent") return <ConsentScreen page={third} />;
  if (first === "help") return <HelpScreen />;
  if (session.value === "starting") return <LoadingScreen />;
  if (session.value === "out") return <SignedOutScreen />;
  if (first === "start") return second === "install" ? <InstallScreen /> : <RemindersScreen />;
  if (first === "timer") return <TimerScreen id={second} />;
  if (first === "check-in" && PAGE.test(second)) return <CheckInFlow kind="planned" page={second} />;
  if (first === "check-in") return <ResultScreen key={second} id={second} />;
  if (first === "report") return <CheckInFlow kind="report" page={second || "1"} carePlan={third} />;
  if (first === "healing") return <HealingScreens page={second} />;
  if (first === "card") return <NurseCardScreen id={second} />;
  if (first === "correction") return <CorrectionScreen key={second} id={second} />;
  if (first === "next") return <NextScreen />;
  if (first === "messages") return <MessagesScreens page={second} />;
  if (first === "settings") return <SettingsScreen page={second} />;
  if (first === "o") return <NotificationScreen id={second} />;
  if (path.value !== "/") return <Elsewhere />;
  return <TodayScreen />;
}

function Elsewhere() {
  useEffect(() => navigate("/", true), []);
  return <LoadingScreen />;
}
