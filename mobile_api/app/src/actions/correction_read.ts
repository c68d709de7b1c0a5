/** A correction is asked for and read; that it was read is noted also without a connection. */

import { OfflineError } from "../api/http.ts";
import { nowText } from "../lib/clock.ts";
import type { Correction } from "../lib/correction_contract.ts";
import { keepCorrections, loadCorrections } from "./corrections.ts";
import { record } from "./sending.ts";
import { corrections, online } from "./state.ts";

/** Asks for one that this phone does not know yet. Without a connection all stays as it is. */
export async function lookForCorrections(): Promise<void> {
  try {
    await loadCorrections();
  } catch (error) {
    if (!(error instanceof OfflineError)) throw error;
    online.value = false;
  }
}

/** The person says that they have read it. Saying so again changes nothing. */
export async function markCorrectionRead({ id, read_at }: Correction): Promise<void> {
  if (read_at !== null) return;
  const at = nowText();
  await record([{ kind: "correction_read", id, body: { correction_id: id, at } }]);
  await keepCorrections(
    (corrections.value ?? []).map((one) => (one.id === id ? { ...one, read_at: at } : one)),
  );
}
