import { NoRoomError } from "../db/database.ts";
import { heldItems } from "../db/held.ts";
import { noRoom } from "./state.ts";

/** Runs a write that may find the phone full: the app then says so and goes on with what it has in memory. */
export async function orSayFull(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
    noRoom.value = heldItems.size > 0;
  } catch (error) {
    if (!(error instanceof NoRoomError)) throw error;
    noRoom.value = true;
  }
}
