import { heldItems } from "../db/held.ts";
import { listOutbox } from "../db/outbox.ts";
import { listResults } from "../db/results.ts";
import { noRoom, outbox, results } from "./state.ts";

/** Shows what waits on this phone as it is now. */
export async function showOutbox(): Promise<void> {
  outbox.value = await listOutbox();
  results.value = await listResults();
  if (heldItems.size > 0) noRoom.value = true;
}
