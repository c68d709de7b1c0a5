import { navigate } from "../lib/router.ts";
import { showOutbox } from "./outbox.ts";

/** Registers the service worker and follows what it says: open a place, or look at the outbox again. */
export async function listenToWorker(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.addEventListener(
    "message",
    (event: MessageEvent<{ type: string; path?: string }>) => {
      if (event.data.type === "open" && event.data.path) navigate(event.data.path);
      if (event.data.type === "sent") void showOutbox();
    },
  );
  if (import.meta.env.PROD) await navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
