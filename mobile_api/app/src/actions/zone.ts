import { patchMe } from "../api/endpoints.ts";
import { OfflineError, ProblemError } from "../api/http.ts";
import { forget, keep } from "../db/kept.ts";
import { choiceFor, wantedZone, type ZoneChoice } from "../lib/zone.ts";
import { loadDay } from "./day.ts";
import { setMe } from "./me.ts";
import { me, online, phoneZone, zoneChoice } from "./state.ts";

/**
 * Tells the server which zone reminders keep to. A zone that the phone came to is followed, and asked about once; one
 * that the server does not know holds up nothing else.
 */
export async function settleZone(): Promise<void> {
  const phone = phoneZone();
  const choice = choiceFor(zoneChoice.value, phone);
  if (zoneChoice.value && !choice) await setChoice(null);
  const before = me.value?.zone;
  const wanted = wantedZone(choice, phone);
  if (!before || before === wanted) return;
  try {
    await setMe(await patchMe({ zone: wanted }));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return;
  }
  if (!choice) await setChoice({ phone, home: before, answer: "asked" });
}

/** The client's answer to the question. Kept on this phone at once; the server hears of it when there is a way. */
export async function answerZone(answer: "follow" | "keep"): Promise<void> {
  if (!zoneChoice.value) return;
  await setChoice({ ...zoneChoice.value, answer });
  try {
    await settleZone();
    await loadDay();
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    online.value = false;
  }
}

async function setChoice(choice: ZoneChoice | null): Promise<void> {
  zoneChoice.value = choice;
  if (choice) await keep("zone_choice", choice);
  else await forget("zone_choice");
}
