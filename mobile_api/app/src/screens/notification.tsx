import { useEffect } from "preact/hooks";
import { followReminder } from "../actions/reminders.ts";
import { navigate } from "../lib/router.ts";
import { LoadingScreen } from "../ui/page.tsx";

/** Where a tapped notification leads. Without a connection: to Today, which shows the same. */
export function NotificationScreen({ id }: { id: string }) {
  useEffect(() => void followReminder(id).then((to) => navigate(to, true)), [id]);
  return <LoadingScreen />;
}
