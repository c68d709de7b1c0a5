/** Corrections as this phone knows them. */

import type { Correction } from "./correction_contract.ts";
import type { OutboxItem } from "./flush.ts";

/** The server's list, and on it what was read here and waits to be sent. */
export function withReceipts(known: Correction[], outbox: OutboxItem[]): Correction[] {
  return known.map((one) => {
    const receipt = outbox.find(
      (item) => item.kind === "correction_read" && item.body.correction_id === one.id,
    );
    return receipt?.kind === "correction_read" ? { ...one, read_at: one.read_at ?? receipt.body.at } : one;
  });
}
