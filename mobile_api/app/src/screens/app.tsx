import { session } from "../actions/state.ts";
import { navigate, path } from "../lib/router.ts";
import { Phone, Skeleton } from "../ui/page.tsx";
import { useEffect } from "preact/hooks";
import { CheckInFlow } from "./check_in.tsx";
import { lazy } from "../ui/lazy.tsx";
import { ConsentScreen } from "./consent.tsx";
import { HelpScreen } from "./help.tsx";
import { InstallScreen } from "./install.tsx";
import { InvitationScreen } from "./invitation.tsx";
import { NextScreen } from "./next.tsx";
import { NotificationScreen } from "./notification.tsx";
import { RemindersScreen } from "./reminders.tsx";
import { ResultScreen } from "./result.tsx";
import { SettingsScreen } from "./settings.tsx";
import { SignedOutScreen } from "./signed_out.tsx";
import { TimerScreen } from "./timer.tsx";
import { TodayScreen } from "./today.tsx";

/** Its screens come with their own words and chart, not with the first load (PROMISES F7). */
const HealingScreens = lazy(() => import("./healing_screens.tsx").then((file) => file.HealingScreens));

const PAGE = /^(\d|more)$/;

export function App() {
  const [first, second = "", third = ""] = path.value.split("/").slice(1);
  if (first === "i") return <InvitationScreen code={decodeURIComponent(second)} />;
  if (first === "start" && second === "consent") return <ConsentScreen />;
  if (first === "help") return <HelpScreen />;
  if (session.value === "starting") return <StartingScreen />;
  if (session.value === "out") return <SignedOutScreen />;
  if (first === "start") return second === "install" ? <InstallScreen /> : <RemindersScreen />;
  if (first === "timer") return <TimerScreen id={second} />;
  if (first === "check-in" && PAGE.test(second)) return <CheckInFlow kind="planned" page={second} />;
  if (first === "check-in") return <ResultScreen key={second} id={second} />;
  if (first === "report") return <CheckInFlow kind="report" page={second || "1"} carePlan={third} />;
  if (first === "healing") return <HealingScreens page={second} />;
  if (first === "next") return <NextScreen />;
  if (first === "settings") return <SettingsScreen />;
  if (first === "o") return <NotificationScreen id={second} />;
  if (path.value !== "/") return <Elsewhere />;
  return <TodayScreen />;
}

function Elsewhere() {
  useEffect(() => navigate("/", true), []);
  return <StartingScreen />;
}

function StartingScreen() {
  return (
    <Phone>
      <main class="scroll">
        <Skeleton />
      </main>
    </Phone>
  );
}
