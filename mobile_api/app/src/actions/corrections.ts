/** Corrections of what the clinic told, as this phone keeps them. */

import { getCorrections } from "../api/endpoints.ts";
import { getKept, keep } from "../db/kept.ts";
import { listOutbox } from "../db/outbox.ts";
import type { Correction } from "../lib/correction_contract.ts";
import { withReceipts } from "../lib/corrections.ts";
import { orSayFull } from "./room.ts";
import { corrections } from "./state.ts";

/** Shows the phone's own copy. */
export async function restoreCorrections(): Promise<void> {
  corrections.value = await getKept("corrections");
}

export async function loadCorrections(): Promise<void> {
  const answer = await getCorrections();
  if (answer.status === 200) await keepCorrections(withReceipts(answer.body.items, await listOutbox()));
}

export async function keepCorrections(news: Correction[]): Promise<void> {
  corrections.value = news;
  await orSayFull(() => keep("corrections", news));
}
