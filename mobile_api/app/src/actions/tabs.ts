/** Two tabs are one phone: what one of them changes, the others show. */

import { getKept } from "../db/kept.ts";
import { navigate, path } from "../lib/router.ts";
import { showOutbox } from "./outbox.ts";
import { clearState, draft, noRoom, session } from "./state.ts";

type News = "outbox" | "draft" | "out";

let channel: BroadcastChannel | null = null;

export function tellTabs(news: News): void {
  channel?.postMessage(news);
}

export function listenToTabs(): void {
  if (!("BroadcastChannel" in globalThis)) return;
  channel = new BroadcastChannel("fallow");
  channel.onmessage = (event: MessageEvent<News>) => void follow(event.data);
}

async function follow(news: News): Promise<void> {
  if (news === "out") return leave();
  await showOutbox();
  if (noRoom.value) return; // what is in hand here may be newer than what could be kept
  const had = draft.value;
  draft.value = await getKept("draft");
  // The check-in that stands open here was sent there.
  if (had && !draft.value && /^\/(check-in\/(\d|more)|report)/.test(path.value)) navigate("/", true);
}

function leave(): void {
  clearState();
  session.value = "out";
  navigate("/", true);
}
